package realname

import (
	"context"
	"errors"
	"time"

	"realname/shared/idcode"
)

// Purposes of the keyed indexes of this file.
const (
	numberPurpose = "mobile"
	codePurpose   = "sms-code"
)

// CodeRequest asks for an SMS code for the bank-card way of a step.
type CodeRequest struct {
	Caller         Caller
	SessionID      string
	Step           StepName
	Mobile         string
	BankCardNumber string
	Idempotency    *Idempotency
	Render         func(resendAfter time.Duration, expiresAt time.Time) Reply
}

// SendCode sends a six-digit code to the number that the bank has on record. It
// is bound to session, step and number, lives for SMSCodeLife and replaces the
// one before.
//
// The limits are counted before the message goes out, so that parallel requests
// cannot send more than allowed, and given back when the provider fails.
// Errors: CodeInvalidRequest with fields, CodeTokenRevoked, CodeNotFound,
// CodeStepNotOpen, CodeSMSLimit with RetryAfter, CodeUnavailable, CodeConflict.
func (v *Verification) SendCode(ctx context.Context, r CodeRequest) (Reply, error) {
	var f fieldErrors
	r.Mobile = f.mobile("/mobile", r.Mobile)
	r.BankCardNumber = f.code("/bankCardNumber", r.BankCardNumber, idcode.ValidateBankCard)
	if r.Step != StepLegalRepresentative && r.Step != StepAccountHolder {
		f.add("/step", "step", "unknown")
	}
	if err := f.err(); err != nil {
		return Reply{}, err
	}
	now := v.Now()
	number := v.Sealer.Index(numberPurpose, r.Mobile)
	view, err := v.Store.LoadSession(ctx, SessionQuery{
		AccountID: r.Caller.AccountID, SessionID: r.SessionID, Day: Day(now),
		CodeStep: r.Step, NumberIndex: number, Idempotency: r.Idempotency,
	})
	if err != nil {
		return Reply{}, err
	}
	if err := Admit(r.Caller, view.Account); err != nil {
		return Reply{}, err
	}
	if err := own(r.Caller, view.Session); err != nil {
		return Reply{}, err
	}
	if view.Reply != nil {
		return replay(view.Reply, r.Idempotency)
	}
	if err := v.ready(view, r.Step); err != nil {
		return Reply{}, err
	}
	if wait := v.smsWait(view, now); wait > 0 {
		return Reply{}, &Error{Code: CodeSMSLimit, RetryAfter: ceilSecond(wait)}
	}
	return v.sendCode(ctx, r, view, number, now)
}

// smsWait returns how long the caller must wait for the next code.
func (v *Verification) smsWait(view SessionView, now time.Time) time.Duration {
	if view.Day.SMS >= v.Limits.SMSPerAccountPerDay || view.Number.SMS >= v.Limits.SMSPerNumberPerDay {
		return UntilTomorrow(now)
	}
	last := view.Number.LastAt
	if view.Code != nil && view.Code.SentAt.After(last) {
		last = view.Code.SentAt
	}
	if last.IsZero() {
		return 0
	}
	return last.Add(v.Limits.SMSInterval).Sub(now)
}

func (v *Verification) sendCode(ctx context.Context, r CodeRequest, view SessionView, number string, now time.Time) (Reply, error) {
	digits, err := v.NewCode()
	if err != nil {
		return Reply{}, err
	}
	code := SMSCode{
		SessionID: r.SessionID, Step: r.Step, NumberIndex: number,
		Hash:   v.hashCode(r.SessionID, r.Step, r.Mobile, digits),
		SentAt: now, ExpiresAt: now.Add(v.Limits.SMSCodeLife),
	}
	if view.Code != nil {
		code.Version = view.Code.Version
	}
	day, num := view.Day, view.Number
	day.SMS++
	num.SMS++
	num.LastAt = now
	running := v.running(r.Idempotency)
	err = v.Store.Commit(ctx, Change{Code: &code, AccountID: r.Caller.AccountID, Day: &day, NumberIndex: number, Number: &num, Reply: running})
	if errors.Is(err, ErrStale) {
		return v.lostCode(ctx, r, number)
	}
	if err != nil {
		return Reply{}, err
	}
	if running != nil {
		running.Version++
	}
	sent, err := v.SMS.SendCode(ctx, SMSMessage{
		Mobile: r.Mobile, Code: digits, CardTail: r.BankCardNumber[len(r.BankCardNumber)-4:],
		Minutes: int(v.Limits.SMSCodeLife / time.Minute),
	})
	if err != nil || sent.Outcome != Match {
		return Reply{}, v.giveBack(ctx, view, code, day, num, running, sent, err)
	}
	reply := r.Render(v.Limits.SMSInterval, code.ExpiresAt)
	if kept := v.keep(reply, r.Idempotency); kept != nil {
		kept.Version = running.Version
		// The message is out; without its kept answer a repetition is told to wait.
		if err := v.Store.Commit(ctx, Change{Reply: kept}); err != nil && !errors.Is(err, ErrStale) {
			return Reply{}, err
		}
	}
	return reply, nil
}

// lostCode answers a request whose count met another one's: the repetition of
// the same request what that one was or will be answered, any other a conflict.
func (v *Verification) lostCode(ctx context.Context, r CodeRequest, number string) (Reply, error) {
	view, err := v.Store.LoadSession(ctx, SessionQuery{
		AccountID: r.Caller.AccountID, SessionID: r.SessionID, Day: Day(v.Now()), NumberIndex: number, Idempotency: r.Idempotency,
	})
	if err != nil {
		return Reply{}, err
	}
	if view.Reply != nil {
		return replay(view.Reply, r.Idempotency)
	}
	return Reply{}, &Error{Code: CodeConflict}
}

// giveBack undoes the count of a message that did not go out, and lets the same
// request come again.
func (v *Verification) giveBack(ctx context.Context, before SessionView, code SMSCode, day AccountDay, num NumberDay, running *Reply, sent CheckResult, cause error) error {
	code.Version++
	day.Version++
	num.Version++
	day.SMS--
	num.SMS--
	num.LastAt = before.Number.LastAt
	if err := v.Store.Commit(ctx, Change{DropCode: &code, AccountID: before.Account.ID, Day: &day, NumberIndex: code.NumberIndex, Number: &num, DropReply: running}); err != nil {
		cause = errors.Join(cause, err)
	}
	return unanswered(sent, cause)
}

func (v *Verification) hashCode(sessionID string, step StepName, mobile, code string) string {
	return v.Sealer.Index(codePurpose, sessionID+"|"+string(step)+"|"+mobile+"|"+code)
}
