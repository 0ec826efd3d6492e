package verification_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"realname/shared/realname"
	"realname/shared/verification"
)

// sender remembers the messages.
type sender struct{ sent []realname.SMSMessage }

func (s *sender) SendCode(_ context.Context, m realname.SMSMessage) (realname.CheckResult, error) {
	s.sent = append(s.sent, m)
	return realname.CheckResult{Outcome: realname.Match}, nil
}

func TestAMessageSaysTheCodeTheCardAndTheMinutes(t *testing.T) {
	b, s := newBench(t), &sender{}
	b.SMS = s
	id := b.toLegal()
	if _, err := b.AskCode(id); err != nil {
		t.Fatal(err)
	}
	want := realname.SMSMessage{
		Purpose: realname.SMSBankCard, Mobile: mobile, Code: "123456", CardTail: "0016", Minutes: 5,
	}
	if len(s.sent) != 1 || s.sent[0] != want {
		t.Errorf("sent %+v", s.sent)
	}
	for _, want := range []time.Duration{60 * time.Second, 40 * time.Second, 19 * time.Second} { // rounded up
		_, err := b.AskCode(id)
		var e *realname.Error
		if !errors.As(err, &e) || e.Code != realname.CodeSMSLimit || e.RetryAfter != want {
			t.Errorf("%+v, want a wait of %v", err, want)
		}
		b.Advance(20500 * time.Millisecond)
	}
	b.Advance(-1500 * time.Millisecond) // a minute after the first
	if _, err := b.AskCode(id); err != nil || len(s.sent) != 2 {
		t.Errorf("a minute later: %v", err)
	}
	for name, change := range map[string]func(r *verification.CodeRequest){
		"/step":           func(r *verification.CodeRequest) { r.Step = realname.StepEnterprise },
		"/mobile":         func(r *verification.CodeRequest) { r.Mobile = "1" },
		"/bankCardNumber": func(r *verification.CodeRequest) { r.BankCardNumber = "1" },
	} {
		r := verification.CodeRequest{
			Caller: b.Caller(), SessionID: id, Step: realname.StepLegalRepresentative,
			Mobile: mobile, BankCardNumber: cardNumber,
		}
		change(&r)
		_, err := b.Verification.SendCode(t.Context(), r)
		var e *realname.Error
		if !errors.As(err, &e) || len(e.Fields) != 1 || e.Fields[0].Pointer != name {
			t.Errorf("%s: %+v", name, err)
		}
	}
}
