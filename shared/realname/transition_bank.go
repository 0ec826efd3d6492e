package realname

import (
	"slices"
	"time"
)

// BankChosen means that the user chose a bank.
type BankChosen struct{ Bank BankName }

// BankAnswered is the bank's answer to the session's latest request. An answer that
// fails a check of the callback does not become an event.
type BankAnswered struct{ Answer BankAnswer }

func (BankChosen) event() {}

func (BankAnswered) event() {}

// chooseBank opens a request at the bank. An open request at the same bank
// continues. A request at another bank is abandoned and accepts no answer. The new
// request clears the last error.
func chooseBank(s Session, e BankChosen, now time.Time) (Session, []Effect, error) {
	if err := s.Answerable(StepBank, now); err != nil {
		return s, nil, err
	}
	n := s
	n.ChangedAt, n.LastError = now, nil
	if r, ok := s.OpenBankRequest(); ok && r.Bank.Code == e.Bank.Code {
		return n, nil, nil
	}
	if len(s.BankRequests) >= maxBankRequests {
		return s, nil, &Error{Code: CodeBankRequests}
	}
	n.BankRequests = append(slices.Clone(s.BankRequests), BankRequest{
		ID: bankRequestID(s.ID, len(s.BankRequests)+1), Bank: e.Bank, OpenedAt: now,
	})
	return n, nil, nil
}

// OpenBankRequest returns the latest request; ok is false if there is none or the
// bank has answered it.
func (s Session) OpenBankRequest() (r BankRequest, ok bool) {
	if len(s.BankRequests) == 0 {
		return r, false
	}
	r = s.BankRequests[len(s.BankRequests)-1]
	return r, r.Result == ""
}

// answerBank decides the bank's step by its answer.
func answerBank(s Session, e BankAnswered, l Limits, now time.Time) (Session, []Effect, error) {
	a := e.Answer
	request, latest, _ := s.BankRequest(a.RequestID)
	if !latest || request.Result != "" {
		return s, nil, &Error{Code: CodeBankRequestClosed}
	}
	decided := StepDecided{Step: StepBank, Passed: a.Result == BankPassed, Evidence: Evidence{
		Provider: request.Bank.Code, Code: string(a.Result), RequestID: a.RequestID, Outcome: Match,
		CertificateSerial: a.CertificateSerial,
	}}
	if !decided.Passed {
		decided.Code, decided.Charged = CodeBankRefused, a.Reason.charged()
		decided.Evidence.Outcome, decided.Evidence.Reason = Mismatch, CheckReason(a.Reason)
	}
	n, effects, err := decide(s, decided, l, now)
	if err != nil {
		return s, nil, err
	}
	request.Result, request.DecidedAt = a.Result, now
	if !decided.Passed {
		request.Reason = a.Reason
		n.LastError.Reason = a.Reason
	}
	n.BankRequests = slices.Clone(s.BankRequests)
	n.BankRequests[len(n.BankRequests)-1] = request
	return n, effects, nil
}
