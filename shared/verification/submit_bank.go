package verification

import (
	"context"
	"errors"

	"realname/shared/realname"
)

// RenderBank returns the signed hand-over of a request.
type RenderBank func(realname.Session, realname.BankRequest) (realname.Reply, error)

// ChooseBank opens a request at the bank for the caller's session, or continues the
// open one. Render returns the signed hand-over; if it fails, ChooseBank changes
// nothing.
// Errors: those of submit; CodeBankRequests with RetryAfter; the errors of render.
func (v *Verification) ChooseBank(
	ctx context.Context, r SubmitRequest, b realname.BankName, render RenderBank,
) (realname.Reply, error) {
	query := realname.SessionQuery{
		AccountID: r.Caller.AccountID, SessionID: r.SessionID, Day: realname.Day(v.Now()), Idempotency: r.Idempotency,
	}
	for range realname.CommitTries {
		reply, err := v.chooseBankOnce(ctx, r, query, b, render)
		if !errors.Is(err, realname.ErrStale) {
			return reply, err
		}
	}
	return realname.Reply{}, &realname.Error{Code: realname.CodeConflict}
}

func (v *Verification) chooseBankOnce(
	ctx context.Context, r SubmitRequest, q realname.SessionQuery, b realname.BankName, render RenderBank,
) (realname.Reply, error) {
	view, err := v.ownSession(ctx, r.Caller, q)
	if err != nil {
		return realname.Reply{}, err
	}
	if view.Reply != nil {
		return v.Replay(view.Reply, r.Idempotency)
	}
	// The bank may answer at once, so its step must be open before the hand-over.
	if view, err = v.awaitOpen(ctx, r, q, view, realname.StepBank); err != nil {
		return realname.Reply{}, err
	}
	if view.Reply != nil {
		return v.Replay(view.Reply, r.Idempotency)
	}
	s, _, err := realname.Next(view.Session, realname.BankChosen{Bank: b}, v.Limits, v.Now())
	if realname.CodeOf(err) == realname.CodeBankRequests {
		return realname.Reply{}, &realname.Error{
			Code: realname.CodeBankRequests, RetryAfter: v.nextTry(s, view.Day),
		}
	}
	if err != nil {
		return realname.Reply{}, err
	}
	request, _ := s.OpenBankRequest()
	reply, err := render(s, request)
	if err != nil {
		return realname.Reply{}, err
	}
	kept, err := v.Keep(reply, r.Idempotency)
	if err != nil {
		return realname.Reply{}, err
	}
	s.DecidedBy = "" // of the start, which has been answered: the item stays below a kilobyte
	// If the answer is not stored, a repetition continues the open request and signs it again.
	if err := v.Store.Commit(ctx, realname.Writing(s)); err != nil || kept == nil {
		return reply, err
	}
	return reply, v.Store.Commit(ctx, realname.Writing(*kept))
}
