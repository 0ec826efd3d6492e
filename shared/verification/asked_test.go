package verification_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"realname/local/domaintest"
	"realname/shared/realname"
)

func mismatch() realname.CheckResult {
	return realname.CheckResult{Outcome: realname.Mismatch, Provider: "tencent", Code: "VerifyResult 0", RequestID: "r-1"}
}

func TestTheSameCheckOfASessionIsBoughtOnce(t *testing.T) {
	b := newBench(t)
	id := b.Begin(realname.LegalRepresentative)
	bought := b.registrySays(mismatch())
	for range 3 {
		b.Advance(time.Second)
		if _, err := b.SubmitEnterprise(t.Context(), b.Request(id), domaintest.EnterpriseAnswer); err != nil {
			t.Fatal(err)
		}
	}
	if *bought != 1 {
		t.Errorf("bought %d times", *bought)
	}
	if left := b.TriesLeft(id); left != 2 {
		t.Errorf("%d tries left: each wrong answer costs one", left)
	}
	attempts := b.Attempts(id)
	if len(attempts) != 3 || attempts[0].Evidence.Repeated || !attempts[2].Evidence.Repeated ||
		attempts[2].Evidence.RequestID != "r-1" || attempts[0].Evidence.Check != realname.RegistryCheck ||
		!attempts[2].Evidence.AskedAt.Equal(attempts[0].Evidence.AskedAt) {
		t.Errorf("%+v", attempts)
	}

	other := domaintest.EnterpriseAnswer
	other.Name = "另一家贸易有限公司"
	if _, err := b.SubmitEnterprise(t.Context(), b.Request(id), other); err != nil || *bought != 2 {
		t.Errorf("another question was bought %d times: %v", *bought-1, err)
	}
}

func TestAnAnswerDoesNotStandForEver(t *testing.T) {
	b := newBench(t)
	id := b.Begin(realname.LegalRepresentative)
	bought := b.registrySays(mismatch())
	for range 2 {
		if _, err := b.SubmitEnterprise(t.Context(), b.Request(id), domaintest.EnterpriseAnswer); err != nil {
			t.Fatal(err)
		}
		b.Advance(b.Limits.CheckReuse)
	}
	if *bought != 2 {
		t.Errorf("bought %d times", *bought)
	}
}

func TestACheckWithoutAnAnswerLeavesItsEvidence(t *testing.T) {
	for name, c := range map[string]struct {
		result realname.CheckResult
		kept   int
	}{
		"the provider failed": {
			realname.CheckResult{
				Outcome: realname.Unavailable, Provider: "tencent", Code: "InternalError", RequestID: "r-1",
				RetryAfter: 7 * time.Second,
			},
			1,
		},
		"the provider was spared": {
			realname.CheckResult{
				Outcome: realname.Limited, Provider: "tencent", Code: "rate_limit", NotAsked: true,
				RetryAfter: 7 * time.Second,
			},
			0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			id := b.Begin(realname.LegalRepresentative)
			b.RegistryAnswers = func(context.Context) (realname.CheckResult, error) { return c.result, errors.New("down") }
			_, err := b.SubmitEnterprise(t.Context(), b.Request(id), domaintest.EnterpriseAnswer)
			var refusal *realname.Error
			if !errors.As(err, &refusal) || refusal.Code != realname.CodeUnavailable || refusal.RetryAfter != 7*time.Second {
				t.Errorf("%v", err)
			}
			attempts := b.Attempts(id)
			if len(attempts) != c.kept || b.TriesLeft(id) != 5 {
				t.Fatalf("%+v", attempts)
			}
			if c.kept == 1 && (attempts[0].Evidence.Code != "InternalError" || attempts[0].Evidence.RequestID != "r-1" ||
				attempts[0].Charged || attempts[0].Code != realname.CodeUnavailable) {
				t.Errorf("%+v", attempts[0])
			}
		})
	}
}

func TestASentCodeLeavesItsEvidence(t *testing.T) {
	b := newBench(t)
	id := b.Begin(realname.LegalRepresentative)
	if err := b.Submit(id); err != nil {
		t.Fatal(err)
	}
	if _, err := b.AskCode(id); err != nil {
		t.Fatal(err)
	}
	attempts := b.Attempts(id)
	last := attempts[len(attempts)-1]
	if len(attempts) != 2 || last.Evidence.Check != realname.SMSCheck ||
		last.Evidence.Outcome != realname.Match || last.Step != realname.StepLegalRepresentative || last.Charged {
		t.Errorf("%+v", attempts)
	}
}
