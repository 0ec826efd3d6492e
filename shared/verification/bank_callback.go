package verification

import (
	"context"
	"errors"
	"fmt"
	"time"

	"realname/shared/realname"
)

// BankCallback is a bank's answer whose signature has been verified.
type BankCallback struct {
	Bank   string // code of the bank that signed
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
// Repeating an accepted answer is not an error. A refused answer leaves the session
// unchanged. If it concerns an existing session, the refusal and the nonce are
// written to the audit trail of the session's enterprise.
// Errors: CodeBankNonce, CodeBankRequestUnknown, CodeBankOther, CodeBankMismatch,
// CodeBankResultConflict, CodeBankRequestClosed. CodeServiceFailing if concurrent
// requests keep changing the session; the bank then sends the answer again.
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
	if c.Answer.Result == realname.BankFailed { // a failed attempt counts on the account's day
		q.AccountID, q.Day = view.Session.AccountID, realname.Day(now)
		if view, err = v.Store.LoadSession(ctx, q); err != nil {
			return err
		}
	}
	s, effects, err := realname.Next(view.Session, realname.BankAnswered{Answer: c.Answer}, v.Limits, now)
	if err != nil {
		return fmt.Errorf("%w: %w", realname.ErrStale, err) // the session changed after judge
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

// judge returns nil if the answer can be applied, and else why it is refused.
// repeated is true if the same answer has already been applied.
func (c BankCallback) judge(view realname.SessionView, now time.Time) (repeated bool, err error) {
	s, a := view.Session, c.Answer
	request, latest, found := s.BankRequest(a.RequestID)
	decided := request.Result != ""
	if view.Nonce != nil {
		sameMessage := view.Nonce.Digest == c.Nonce.Digest
		sameRequest := found && request.Bank.Code == c.Bank && request.Result == a.Result
		if sameMessage && sameRequest && s.Enterprise.Confirms(a) {
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

// BankRefusalAudited reports whether a refusal with that code goes to an
// enterprise's audit trail. The other refusals are counted instead, because they do
// not concern an existing session or because anyone can repeat them.
func BankRefusalAudited(code realname.Code) bool {
	switch code {
	case realname.CodeBankOther, realname.CodeBankMismatch,
		realname.CodeBankResultConflict, realname.CodeBankRequestClosed:
		return true
	}
	return false
}

// refuseBank records a refused answer and returns the refusal. It writes to the
// enterprise's audit trail if the session is known and the nonce is new, so that
// each signed message makes one entry. A late answer is also stored with the
// session's attempts. The user is waiting for the bank, so an answer about another
// enterprise becomes the session's remark.
func (v *Verification) refuseBank(
	ctx context.Context, c BankCallback, view realname.SessionView, refusal error, now time.Time,
) error {
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
		evidence := realname.Evidence{
			Provider: c.Bank, Code: string(a.Result), RequestID: a.RequestID, CertificateSerial: a.CertificateSerial,
		}
		change.Add(realname.Late{SessionID: s.ID, Attempt: realname.Attempt{
			Step: realname.StepBank, At: now, Code: code, Evidence: evidence,
		}})
	case realname.CodeBankMismatch:
		change.Add(realname.Remark{
			SessionID: s.ID, ExpiresAt: s.ExpiresAt,
			LastError: realname.LastError{Code: code, Step: realname.StepBank, At: now},
		})
	}
	change.Audit = []realname.AuditEntry{entry}
	if err := v.Store.Commit(ctx, change); err != nil {
		return err
	}
	return refusal
}
