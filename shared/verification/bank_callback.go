package verification

import (
	"context"
	"errors"
	"fmt"
	"time"

	"realname/shared/realname"
)

// BankCallback is an answer whose signature was found to be the bank's.
type BankCallback struct {
	Bank   string // the code of the bank that signed
	Nonce  realname.Nonce
	Answer realname.BankAnswer
}

// Audit actions of the bank method.
const (
	AuditBankRefused realname.AuditAction = "bank_callback_refused"
	AuditBankLate    realname.AuditAction = "bank_callback_late"
)

// AnswerBank applies a bank's answer to its session. The decision, its attempt,
// the nonce and the signal to the workflow are one transaction.
//
// A repetition of an accepted answer is no error. Everything else that is not
// applied leaves the session as it was; what concerns a session of ours is
// written to its enterprise's audit trail together with the nonce.
// Errors: CodeBankNonce, CodeBankRequestUnknown, CodeBankOther, CodeBankMismatch,
// CodeBankResultConflict, CodeBankRequestClosed; CodeServiceFailing when others
// kept changing the session, so that the bank sends it again.
func (v *Verification) AnswerBank(ctx context.Context, c BankCallback) error {
	sessionID, ok := realname.SessionOfBankRequest(c.Answer.RequestID)
	if !ok {
		return &realname.Error{Code: realname.CodeBankRequestUnknown}
	}
	for range realname.CommitTries {
		err := v.answerBankOnce(ctx, c, realname.SessionQuery{SessionID: sessionID, Nonce: &c.Nonce})
		if !errors.Is(err, realname.ErrStale) {
			return err
		}
	}
	return &realname.Error{Code: realname.CodeServiceFailing, RetryAfter: time.Second}
}

func (v *Verification) answerBankOnce(ctx context.Context, c BankCallback, q realname.SessionQuery) error {
	view, err := v.Store.LoadSession(ctx, q)
	if err != nil {
		return err
	}
	now := v.Now()
	repeated, err := c.judge(view, now)
	if err != nil {
		return v.refuseBank(ctx, c, view, err, now)
	}
	if repeated {
		// The first delivery may have died between commit and signal.
		v.deliver(ctx, view.Session, view.Open)
		return nil
	}
	if c.Answer.Result == realname.BankFailed { // a failed try counts on the account's day
		q.AccountID, q.Day = view.Session.AccountID, realname.Day(now)
		if view, err = v.Store.LoadSession(ctx, q); err != nil {
			return err
		}
	}
	s, effects, err := realname.Next(view.Session, realname.BankAnswered{Answer: c.Answer}, v.Limits, now)
	if err != nil {
		return fmt.Errorf("%w: %w", realname.ErrStale, err) // it changed since it was judged
	}
	change, err := v.apply(s, effects, view, nil, now)
	if err != nil {
		return err
	}
	change.Add(c.Nonce)
	if err := v.Store.Commit(ctx, change.whole()); err != nil {
		return err
	}
	for _, attempt := range change.attempts {
		v.logDecision(ctx, s, attempt, now)
	}
	v.logClosed(ctx, view.Session, s)
	if s.Signal != view.Session.Signal {
		v.deliver(ctx, s, view.Open)
	}
	return nil
}

// judge tells whether the answer is to be applied, is the repetition of one that
// was, or why it is refused.
func (c BankCallback) judge(view realname.SessionView, now time.Time) (repeated bool, err error) {
	s, a := view.Session, c.Answer
	request, latest, found := s.BankRequest(a.RequestID)
	decided := request.Result != ""
	if view.Nonce != nil {
		if view.Nonce.Digest == c.Nonce.Digest && found && request.Bank.Code == c.Bank && request.Result == a.Result && s.Enterprise.Confirms(a) {
			return true, nil
		}
		return false, &realname.Error{Code: realname.CodeBankNonce}
	}
	switch {
	case !found:
		return false, &realname.Error{Code: realname.CodeBankRequestUnknown}
	case request.Bank.Code != c.Bank:
		return false, &realname.Error{Code: realname.CodeBankOther}
	case !s.Enterprise.Confirms(a):
		return false, &realname.Error{Code: realname.CodeBankMismatch}
	case decided && request.Result == a.Result:
		return true, nil
	case decided:
		return false, &realname.Error{Code: realname.CodeBankResultConflict}
	case !latest || s.Answerable(realname.StepBank, now) != nil:
		return false, &realname.Error{Code: realname.CodeBankRequestClosed}
	}
	return false, nil
}

// BankRefusalAudited reports whether a refusal of that code is an entry of an
// enterprise's audit trail. The others concern no session of ours, or anybody
// could repeat them, and are counted instead.
func BankRefusalAudited(code realname.Code) bool {
	switch code {
	case realname.CodeBankOther, realname.CodeBankMismatch, realname.CodeBankResultConflict, realname.CodeBankRequestClosed:
		return true
	}
	return false
}

// refuseBank writes down a refused answer: to the enterprise's audit trail when
// the session is known and the nonce is fresh, so that one signed message makes
// one entry. An answer to a session that is over is also kept with its attempts;
// one about another enterprise is told to the user, who waits for it.
func (v *Verification) refuseBank(ctx context.Context, c BankCallback, view realname.SessionView, refusal error, now time.Time) error {
	code, s, a := realname.CodeOf(refusal), view.Session, c.Answer
	if !BankRefusalAudited(code) {
		return refusal
	}
	entry := realname.AuditEntry{
		ID: v.NewID(), At: now, USCC: s.Enterprise.USCC, AccountID: s.AccountID, SessionID: s.ID, Method: s.Method,
		Action: AuditBankRefused, Code: code, Bank: c.Bank, RequestID: a.RequestID, Result: a.Result,
	}
	if a.Result == realname.BankFailed {
		entry.Reason = a.Reason
	}
	change := realname.Writing(c.Nonce)
	switch code {
	case realname.CodeBankRequestClosed:
		entry.Action = AuditBankLate
		change.Add(realname.Late{SessionID: s.ID, Attempt: realname.Attempt{Step: realname.StepBank, At: now, Code: code, Evidence: realname.Evidence{
			Provider: c.Bank, Code: string(a.Result), RequestID: a.RequestID, CertificateSerial: a.CertificateSerial,
		}}})
	case realname.CodeBankMismatch:
		change.Add(realname.Remark{SessionID: s.ID, ExpiresAt: s.ExpiresAt, LastError: realname.LastError{Code: code, Step: realname.StepBank, At: now}})
	}
	change.Audit = []realname.AuditEntry{entry}
	if err := v.Store.Commit(ctx, change); err != nil {
		return err
	}
	return refusal
}
