package realname

import (
	"context"
	"crypto/subtle"
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
	view, err := v.ownSession(ctx, r.Caller, SessionQuery{
		AccountID: r.Caller.AccountID, SessionID: r.SessionID, Day: Day(now),
		CodeStep: r.Step, NumberIndex: number, Idempotency: r.Idempotency,
	})
	if err != nil {
		return Reply{}, err
	}
	if view.Reply != nil {
		return replay(view.Reply, r.Idempotency)
	}
	if err := v.ready(view, r.Step); err != nil {
		return Reply{}, err
	}
	return v.sendLimited(ctx, sending{
		of: SMSCode{SessionID: r.SessionID, Step: r.Step}, to: r.Mobile, number: number, view: view, idempotency: r.Idempotency, render: r.Render,
		message: SMSMessage{Purpose: SMSBankCard, CardTail: r.BankCardNumber[len(r.BankCardNumber)-4:]},
		again: func(ctx context.Context) (SessionView, error) {
			return v.Store.LoadSession(ctx, SessionQuery{
				AccountID: r.Caller.AccountID, SessionID: r.SessionID, Day: Day(v.Now()), NumberIndex: number, Idempotency: r.Idempotency,
			})
		},
	})
}

// sending is a code on its way: what it is for, to whom, and what limits it.
type sending struct {
	of          SMSCode
	to          string
	number      string // the blind index of to
	view        SessionView
	again       func(context.Context) (SessionView, error) // reads what view was read from
	message     SMSMessage
	idempotency *Idempotency
	render      func(resendAfter time.Duration, expiresAt time.Time) Reply
}

// sendLimited sends a code unless a limit says to wait.
// Errors: CodeSMSLimit with RetryAfter, CodeUnavailable, CodeConflict.
func (v *Verification) sendLimited(ctx context.Context, s sending) (Reply, error) {
	now := v.Now()
	if wait := v.smsWait(s.view, now); wait > 0 {
		return Reply{}, &Error{Code: CodeSMSLimit, RetryAfter: ceilSecond(wait)}
	}
	digits, err := v.NewCode()
	if err != nil {
		return Reply{}, err
	}
	code := v.newCode(s, digits, now)
	day, num := s.view.Day, s.view.Number
	day.SMS++
	num.SMS++
	num.LastAt = now
	running := v.running(s.idempotency)
	err = v.Store.Commit(ctx, Change{Code: &code, AccountID: s.view.Account.ID, Day: &day, NumberIndex: s.number, Number: &num, Reply: running})
	if errors.Is(err, ErrStale) {
		return v.lostCode(ctx, s)
	}
	if err != nil {
		return Reply{}, err
	}
	if running != nil {
		running.Version++
	}
	m := s.message
	m.Mobile, m.Code, m.Minutes = s.to, digits, int(v.Limits.SMSCodeLife/time.Minute)
	sent, err := v.SMS.SendCode(ctx, m)
	if err != nil || sent.Outcome != Match {
		return Reply{}, v.giveBack(ctx, s.view, code, day, num, running, sent, err)
	}
	v.logSent(ctx, m, sent)
	reply := s.render(v.Limits.SMSInterval, code.ExpiresAt)
	attempt := smsAttempt(code, sent, v.Now())
	kept := v.keep(reply, s.idempotency)
	if kept == nil {
		v.keepAsked(ctx, code.SessionID, sent, attempt)
		return reply, nil
	}
	kept.Version = running.Version
	// The message is out; without its kept answer a repetition is told to wait.
	if err := v.Store.Commit(ctx, Change{Reply: kept, Asked: v.asked(code.SessionID, sent, attempt)}); err != nil && !errors.Is(err, ErrStale) {
		return Reply{}, err
	}
	return reply, nil
}

// smsAttempt is the evidence of a message.
func smsAttempt(code SMSCode, sent CheckResult, at time.Time) Attempt {
	a := Attempt{Step: code.Step, By: ByBankCard, At: at, Evidence: sent.evidence(SMSCheck, code.SentAt)}
	if sent.Outcome != Match {
		a.Code = CodeUnavailable
	}
	return a
}

// newCode is the code as it is kept. It replaces the one before.
func (v *Verification) newCode(s sending, digits string, now time.Time) SMSCode {
	code := s.of
	code.NumberIndex, code.Hash = s.number, v.hashCode(code.owner(), code.Step, s.to, digits)
	code.SentAt, code.ExpiresAt = now, now.Add(v.Limits.SMSCodeLife)
	if s.view.Code != nil {
		code.Version = s.view.Code.Version
	}
	return code
}

// owner names what the code is bound to beside its step and number.
func (c SMSCode) owner() string {
	switch {
	case c.AccountID != "":
		return AccountItem(c.AccountID)
	case c.ResetIndex != "":
		return "reset/" + c.ResetIndex
	}
	return c.SessionID
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

// lostCode answers a request whose count met another one's: the repetition of
// the same request what that one was or will be answered, any other a conflict.
func (v *Verification) lostCode(ctx context.Context, s sending) (Reply, error) {
	view, err := s.again(ctx)
	if err != nil {
		return Reply{}, err
	}
	if view.Reply != nil {
		return replay(view.Reply, s.idempotency)
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
	if err := v.Store.Commit(ctx, Change{DropCode: &code, AccountID: before.Account.ID, Day: &day, NumberIndex: code.NumberIndex, Number: &num, DropReply: running,
		Asked: v.asked(code.SessionID, sent, smsAttempt(code, sent, v.Now()))}); err != nil {
		cause = errors.Join(cause, err)
	}
	return unanswered(sent, cause)
}

// guess compares a code that the user typed with the one that was sent. One that is
// missing, used up, expired or was sent to another number has to be asked for anew.
//
// Right or wrong, the code is written over the version that was read before
// anything follows from it: of guesses sent at once one is judged, and the others
// learn nothing, be it by what a right one sets in motion or by its time.
// Errors: CodeSMSCodeWrong, CodeSMSCodeExpired, CodeConflict.
func (v *Verification) guess(ctx context.Context, c *SMSCode, numberIndex, mobile, typed string) error {
	if c == nil || c.WrongTries >= v.Limits.SMSCodeTries || !v.Now().Before(c.ExpiresAt) || c.NumberIndex != numberIndex {
		return &Error{Code: CodeSMSCodeExpired}
	}
	given := v.hashCode(c.owner(), c.Step, mobile, typed)
	right := subtle.ConstantTimeCompare([]byte(given), []byte(c.Hash)) == 1
	if !right {
		c.WrongTries++
	}
	if err := v.Store.Commit(ctx, Change{Code: c}); errors.Is(err, ErrStale) {
		return &Error{Code: CodeConflict}
	} else if err != nil {
		return err
	}
	c.Version++
	if !right {
		return &Error{Code: CodeSMSCodeWrong}
	}
	return nil
}

func (v *Verification) hashCode(owner string, step StepName, mobile, code string) string {
	return v.Sealer.Index(codePurpose, owner+"|"+string(step)+"|"+mobile+"|"+code)
}
