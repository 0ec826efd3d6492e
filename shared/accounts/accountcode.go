package accounts

import (
	"context"
	"time"

	"realname/shared/realname"
	"realname/shared/verification"
)

// Uses of an account's SMS codes. They take the place of the step in a session's code.
const (
	CodeForMobile realname.StepName = "bind_mobile"
	CodeForReset  realname.StepName = "reset_password"
)

func (a *Accounts) mobileCodeQuery(accountID, mobile string, now time.Time) (CodeQuery, error) {
	number, err := a.Sealer.Index(verification.NumberPurpose, mobile)
	return CodeQuery{
		For: realname.SMSCode{AccountID: accountID, Step: CodeForMobile}, AccountID: accountID, Day: realname.Day(now),
		NumberIndex: number,
	}, err
}

// MobileCodeRequest asks for a code to the number to bind.
type MobileCodeRequest struct {
	Caller      realname.Caller
	Mobile      string
	Idempotency *realname.Idempotency
	Render      func(resendAfter time.Duration, expiresAt time.Time) realname.Reply
}

// SendMobileCode sends a code to the number that the account wants to bind. The limits
// of SMS codes apply.
// Errors: CodeInvalidRequest with fields, CodeTokenRevoked, CodeSMSLimit with
// RetryAfter, CodeUnavailable, CodeConflict.
func (a *Accounts) SendMobileCode(ctx context.Context, r MobileCodeRequest) (realname.Reply, error) {
	var f realname.Fields
	r.Mobile = f.Mobile("/mobile", r.Mobile)
	if err := f.Err(); err != nil {
		return realname.Reply{}, err
	}
	q, err := a.mobileCodeQuery(r.Caller.AccountID, r.Mobile, a.Now())
	if err != nil {
		return realname.Reply{}, err
	}
	q.Idempotency = r.Idempotency
	view, err := a.Directory.LoadCode(ctx, q)
	if err != nil {
		return realname.Reply{}, err
	}
	if err := realname.Admit(r.Caller, view.Account); err != nil {
		return realname.Reply{}, err
	}
	if view.Reply != nil {
		return a.Replay(view.Reply, r.Idempotency)
	}
	return a.Sessions.Codes().Send(ctx, verification.CodeOrder{
		For: q.For, To: r.Mobile, NumberIndex: q.NumberIndex, View: view, Idempotency: r.Idempotency, Render: r.Render,
		Message: realname.SMSMessage{Purpose: realname.SMSBindMobile},
		Again:   func(ctx context.Context) (realname.SessionView, error) { return a.Directory.LoadCode(ctx, q) },
	})
}

// repeated reports whether a request has already been answered under its key. It is
// for requests whose answer has no body.
// Errors: CodeKeyReused.
func (a *Accounts) repeated(ctx context.Context, idem *realname.Idempotency) (bool, error) {
	if idem == nil {
		return false, nil
	}
	kept, err := a.Directory.LoadReply(ctx, *idem)
	if err != nil || kept == nil {
		return false, err
	}
	_, err = a.Replay(kept, idem)
	return err == nil, err
}

// done returns the answer without a body as it is stored for repeated requests.
func (a *Accounts) done(idem *realname.Idempotency) (*realname.Reply, error) {
	const noContent = 204 // RFC 9110, 15.3.5
	return a.Keep(realname.Reply{Status: noContent}, idem)
}
