package realname

import (
	"context"
	"time"
)

// What an SMS code of an account is for; it stands where a session's code names
// its step.
const (
	CodeForMobile StepName = "bind_mobile"
	CodeForReset  StepName = "reset_password"
)

func (a *Accounts) mobileCodeQuery(accountID, mobile string, now time.Time) CodeQuery {
	return CodeQuery{
		For: SMSCode{AccountID: accountID, Step: CodeForMobile}, AccountID: accountID, Day: Day(now),
		NumberIndex: a.Sealer.Index(numberPurpose, mobile),
	}
}

// MobileCodeRequest asks for a code to the number that is to be bound.
type MobileCodeRequest struct {
	Caller      Caller
	Mobile      string
	Idempotency *Idempotency
	Render      func(resendAfter time.Duration, expiresAt time.Time) Reply
}

// SendMobileCode sends a code to the number that the account is to bind, under
// the limits of every SMS.
// Errors: CodeInvalidRequest with fields, CodeTokenRevoked, CodeSMSLimit with
// RetryAfter, CodeUnavailable, CodeConflict.
func (a *Accounts) SendMobileCode(ctx context.Context, r MobileCodeRequest) (Reply, error) {
	var f fieldErrors
	r.Mobile = f.mobile("/mobile", r.Mobile)
	if err := f.err(); err != nil {
		return Reply{}, err
	}
	q := a.mobileCodeQuery(r.Caller.AccountID, r.Mobile, a.Now())
	q.Idempotency = r.Idempotency
	view, err := a.Directory.LoadCode(ctx, q)
	if err != nil {
		return Reply{}, err
	}
	if err := Admit(r.Caller, view.Account); err != nil {
		return Reply{}, err
	}
	if view.Reply != nil {
		return replay(view.Reply, r.Idempotency)
	}
	return a.sendLimited(ctx, sending{
		of: q.For, to: r.Mobile, number: q.NumberIndex, view: view, idempotency: r.Idempotency, render: r.Render,
		message: SMSMessage{Purpose: SMSBindMobile},
		again:   func(ctx context.Context) (SessionView, error) { return a.Directory.LoadCode(ctx, q) },
	})
}
