package realname

import (
	"fmt"
	"testing"
	"time"
)

func TestASessionHandsOverToTwentyBanksAtMost(t *testing.T) {
	s := newSession(BankUKey)
	if b, ok := s.Bank(); ok || b.Code != "" {
		t.Errorf("%+v", b)
	}
	if r, ok := s.OpenBankRequest(); ok || r.ID != "" {
		t.Errorf("%+v", r)
	}
	s.LastError = &LastError{Code: CodeBankRefused}
	for n := 1; n <= 20; n++ {
		bank := BankName{Code: fmt.Sprint("B", n)}
		s = after(t, s, BankChosen{bank}, BankChosen{bank}) // the second is the same request
		r, ok := s.OpenBankRequest()
		if len(s.BankRequests) != n || !ok || r.ID != fmt.Sprint("s1.", n) || s.LastError != nil {
			t.Errorf("after %d: %+v", n, s.BankRequests)
		}
		if b, ok := s.Bank(); !ok || b != bank {
			t.Errorf("after %d: %+v", n, b)
		}
	}
	if _, _, err := Next(s, BankChosen{BankName{Code: "B21"}}, DefaultLimits(), t0); CodeOf(err) != CodeBankRequests {
		t.Errorf("the 21st: %v", err)
	}
	if _, _, err := Next(newSession(ICCard), BankChosen{}, DefaultLimits(), t0); CodeOf(err) != CodeStepNotOpen {
		t.Errorf("another method: %v", err)
	}
	for id, want := range map[string][2]bool{"s1.1": {false, true}, "s1.20": {true, true}, "s1.21": {false, false}} {
		if r, latest, found := s.BankRequest(id); latest != want[0] || found != want[1] || found && r.ID != id {
			t.Errorf("%s: %+v, %v, %v", id, r, latest, found)
		}
	}
}

func TestABanksAnswerDecidesItsRequestOnce(t *testing.T) {
	s := after(t, newSession(BankUKey), BankChosen{BankName{Code: "A"}}, BankChosen{BankName{Code: "B"}})
	answer := func(id string, r BankResult, reason BankReason) BankAnswered {
		return BankAnswered{BankAnswer{RequestID: id, Result: r, Reason: reason, CertificateSerial: "c"}}
	}
	for name, c := range map[string]struct {
		event   BankAnswered
		want    Code
		charged int
		outcome Outcome
	}{
		"passed":            {answer("s1.2", BankPassed, ""), "", 0, Match},
		"refused":           {answer("s1.2", BankFailed, BankNotCorporate), "", 1, Mismatch},
		"canceled":          {answer("s1.2", BankFailed, BankUserCanceled), "", 0, Mismatch},
		"timed out":         {answer("s1.2", BankFailed, BankTimedOut), "", 0, Mismatch},
		"the bank's fault":  {answer("s1.2", BankFailed, BankSystemError), "", 0, Mismatch},
		"to the other bank": {answer("s1.1", BankPassed, ""), CodeBankRequestClosed, 0, ""},
		"to no request":     {answer("s1.3", BankPassed, ""), CodeBankRequestClosed, 0, ""},
	} {
		n, effects, err := Next(s, c.event, DefaultLimits(), t0)
		if CodeOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil {
			continue
		}
		st, _ := n.Step(StepBank)
		request := n.BankRequests[1]
		evidence := effects[0].(RecordAttempt).Attempt.Evidence
		if st.FailedTries != c.charged || evidence.Outcome != c.outcome || evidence.Provider != "B" {
			t.Errorf("%s: %+v, %+v", name, st, evidence)
		}
		given := c.event.Answer
		if request.Result != given.Result || request.Reason != given.Reason || s.BankRequests[1].Result != "" {
			t.Errorf("%s: %+v", name, request)
		}
		if (n.LastError == nil) != (c.outcome == Match) || n.LastError != nil && n.LastError.Reason != given.Reason {
			t.Errorf("%s: %+v", name, n.LastError)
		}
		if _, _, err := Next(n, c.event, DefaultLimits(), t0); CodeOf(err) != CodeBankRequestClosed {
			t.Errorf("%s, again: %v", name, err)
		}
	}
	_, _, err := Next(s, answer("s1.2", BankPassed, ""), DefaultLimits(), t0.Add(time.Hour))
	if CodeOf(err) != CodeStepNotOpen {
		t.Errorf("after the deadline: %v", err)
	}
}
