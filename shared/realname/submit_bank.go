package realname

import (
	"context"
	"errors"
)

// ChooseBank opens a request at the bank for the caller's session, or goes on
// with the open one. Render makes the signed hand-over of it; when that fails,
// nothing was changed.
// Errors: those of a submitted step; CodeBankRequests with RetryAfter; what render returns.
func (v *Verification) ChooseBank(ctx context.Context, r SubmitRequest, b BankName, render func(Session, BankRequest) (Reply, error)) (Reply, error) {
	query := SessionQuery{AccountID: r.Caller.AccountID, SessionID: r.SessionID, Day: Day(v.Now()), Idempotency: r.Idempotency}
	for range commitTries {
		reply, err := v.chooseBankOnce(ctx, r, query, b, render)
		if !errors.Is(err, ErrStale) {
			return reply, err
		}
	}
	return Reply{}, &Error{Code: CodeConflict}
}

func (v *Verification) chooseBankOnce(ctx context.Context, r SubmitRequest, q SessionQuery, b BankName, render func(Session, BankRequest) (Reply, error)) (Reply, error) {
	view, err := v.ownSession(ctx, r.Caller, q)
	if err != nil {
		return Reply{}, err
	}
	if view.Reply != nil {
		return replay(view.Reply, r.Idempotency)
	}
	// The bank may answer at once, so its step must be open before it is asked.
	if view, err = v.awaitOpen(ctx, q, view, StepBank); err != nil {
		return Reply{}, err
	}
	if view.Reply != nil {
		return replay(view.Reply, r.Idempotency)
	}
	s, _, err := Next(view.Session, BankChosen{b}, v.Limits, v.Now())
	if CodeOf(err) == CodeBankRequests {
		return Reply{}, &Error{Code: CodeBankRequests, RetryAfter: v.nextTry(s.Method, view.Day)}
	}
	if err != nil {
		return Reply{}, err
	}
	request, _ := s.openBankRequest()
	reply, err := render(s, request)
	if err != nil {
		return Reply{}, err
	}
	return reply, v.Store.Commit(ctx, Change{Session: &s, Reply: v.keep(reply, r.Idempotency)})
}
