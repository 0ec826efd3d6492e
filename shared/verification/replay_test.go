package verification_test

import (
	"errors"
	"testing"
	"time"

	"realname/local/domaintest"
	"realname/shared/realname"
	"realname/shared/verification"
)

// askUnderKey asks for a code like askCode, with an idempotency key.
func (b *bench) askUnderKey(session, fingerprint string) (realname.Reply, error) {
	return b.Verification.SendCode(b.Context(), verification.CodeRequest{
		Caller: b.Caller(), SessionID: session, Step: realname.StepLegalRepresentative,
		Mobile: "13900001001", BankCardNumber: "6222021000001000016",
		Idempotency: &realname.Idempotency{Key: "k", Fingerprint: fingerprint},
		Render:      func(time.Duration, time.Time) realname.Reply { return realname.Reply{Status: 202} },
	})
}

func TestARepetitionWhileTheMessageGoesOutIsToldThatItRuns(t *testing.T) {
	b := newBench(t)
	id := b.Begin(realname.LegalRepresentative)
	if err := b.Submit(id); err != nil {
		t.Fatal(err)
	}
	sent := 0
	b.SMSAnswers = func() error {
		sent++
		_, err := b.askUnderKey(id, "body")
		wantCode(t, err, realname.CodeKeyInProgress)
		_, err = b.askUnderKey(id, "another body")
		wantCode(t, err, realname.CodeKeyReused)
		return nil
	}
	for range 2 {
		if reply, err := b.askUnderKey(id, "body"); err != nil || reply.Status != 202 {
			t.Fatalf("%+v %v", reply, err)
		}
	}
	if sent != 1 {
		t.Errorf("%d messages went out", sent)
	}
}

func TestARequestThatFailedOrDiedMayComeAgainUnderItsKey(t *testing.T) {
	b := newBench(t)
	id := b.Begin(realname.LegalRepresentative)
	if err := b.Submit(id); err != nil {
		t.Fatal(err)
	}
	b.SMSAnswers = func() error { return errors.New("no route") }
	_, err := b.askUnderKey(id, "body")
	wantCode(t, err, realname.CodeUnavailable)

	b.SMSAnswers = func() error { panic("the process died") }
	func() {
		defer func() { _ = recover() }() // the panic set up above
		_, _ = b.askUnderKey(id, "body")
	}()
	b.SMSAnswers = func() error { return nil }
	_, err = b.askUnderKey(id, "body")
	wantCode(t, err, realname.CodeKeyInProgress)
	b.Advance(b.Limits.SMSInterval)
	if reply, err := b.askUnderKey(id, "body"); err != nil || reply.Status != 202 {
		t.Fatalf("%+v %v", reply, err)
	}
}

func TestTheLastTryIsRefusedWithTheTimeOfTheNext(t *testing.T) {
	b := newBench(t)
	b.Limits.FailedTriesPerDay = 7
	b.registrySays(realname.CheckResult{Outcome: realname.Mismatch})
	refusal := func(session string) (told *realname.Error) {
		_, err := b.SubmitEnterprise(t.Context(), verification.SubmitRequest{
			Caller: b.Caller(), SessionID: session,
			Render: func(_ realname.Session, err error) realname.Reply {
				errors.As(err, &told)
				return domaintest.Render(err)
			},
		}, domaintest.EnterpriseAnswer)
		if err != nil {
			errors.As(err, &told)
		}
		if told == nil {
			t.Fatal("not refused")
		}
		return told
	}
	want := func(got *realname.Error, code realname.Code, left int, after time.Duration) {
		t.Helper()
		if got.Code != code || *got.AttemptsLeft != left || got.RetryAfter != after {
			t.Errorf(
				"%s, %d left, again after %v; want %s, %d, %v", got.Code, *got.AttemptsLeft, got.RetryAfter, code, left,
				after,
			)
		}
	}
	midnight := 7 * time.Hour // in China, from 09:00 UTC
	first := b.Begin(realname.LegalRepresentative)
	for left := 4; left > 0; left-- {
		want(refusal(first), realname.CodeEnterpriseMismatch, left, 0)
	}
	want(refusal(first), realname.CodeAttemptsExhausted, 0, time.Second)
	second := b.Begin(realname.LegalRepresentative)
	want(refusal(second), realname.CodeEnterpriseMismatch, 1, 0) // left on the day, not for the step
	want(refusal(second), realname.CodeAttemptsExhausted, 0, midnight)
	want(refusal(second), realname.CodeAttemptsExhausted, 0, midnight)
	want(refusal(first), realname.CodeAttemptsExhausted, 0, midnight) // no new session helps
}
