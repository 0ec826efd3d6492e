package verification

import (
	"context"
	"time"

	"realname/shared/realname"
)

// CodeRequest asks for an SMS code for a step's check by bank card.
type CodeRequest struct {
	Caller         realname.Caller
	SessionID      string
	Step           realname.StepName
	Mobile         string
	BankCardNumber string
	Confirmed      []string // pointers of unusual values that the user has confirmed
	Idempotency    *realname.Idempotency
	Render         func(resendAfter time.Duration, expiresAt time.Time) realname.Reply
}

// SendCode sends a six-digit code to the number that the bank has on record. The
// code is bound to session, step and number, expires after SMSCodeLife and replaces
// the previous code.
//
// SendCode counts the message before it sends it, so that concurrent requests cannot
// exceed the limits. If the provider fails, it restores the counters.
// Errors: CodeInvalidRequest and CodeConfirmationNeeded with fields, CodeTokenRevoked,
// CodeNotFound; those of ready; those of Codes.Send.
func (v *Verification) SendCode(ctx context.Context, r CodeRequest) (realname.Reply, error) {
	f := realname.Fields{Confirmed: r.Confirmed}
	r.Mobile = f.Mobile("/mobile", r.Mobile)
	r.BankCardNumber = f.BankCard("/bankCardNumber", r.BankCardNumber)
	if r.Step != realname.StepLegalRepresentative && r.Step != realname.StepAccountHolder {
		f.Add("/step", "step", "unknown")
	}
	if err := f.Err(); err != nil {
		return realname.Reply{}, err
	}
	now := v.Now()
	number, err := v.Sealer.Index(NumberPurpose, r.Mobile)
	if err != nil {
		return realname.Reply{}, err
	}
	view, err := v.ownSession(ctx, r.Caller, realname.SessionQuery{
		AccountID: r.Caller.AccountID, SessionID: r.SessionID, Day: realname.Day(now),
		CodeStep: r.Step, NumberIndex: number, Idempotency: r.Idempotency,
	})
	if err != nil {
		return realname.Reply{}, err
	}
	if view.Reply != nil {
		return v.Replay(view.Reply, r.Idempotency)
	}
	if err := v.ready(view, r.Step); err != nil {
		return realname.Reply{}, err
	}
	return v.Codes().Send(ctx, CodeOrder{
		For: realname.SMSCode{SessionID: r.SessionID, Step: r.Step}, To: r.Mobile, NumberIndex: number, View: view,
		Idempotency: r.Idempotency, Render: r.Render,
		Message: realname.SMSMessage{Purpose: realname.SMSBankCard, CardTail: r.BankCardNumber[len(r.BankCardNumber)-4:]},
		Again: func(ctx context.Context) (realname.SessionView, error) {
			return v.Store.LoadSession(ctx, realname.SessionQuery{
				AccountID: r.Caller.AccountID, SessionID: r.SessionID, Day: realname.Day(v.Now()),
				NumberIndex: number, Idempotency: r.Idempotency,
			})
		},
	})
}
