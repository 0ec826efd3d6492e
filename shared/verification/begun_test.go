package verification_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"realname/local/domaintest"
	"realname/shared/realname"
	"realname/shared/store"
)

// keyed returns a submission of the enterprise step under a key.
func (b *bench) keyed(session, key string) func() error {
	r := b.Request(session)
	r.Idempotency = &realname.Idempotency{Key: key, Fingerprint: "f"}
	return func() error {
		_, err := b.SubmitEnterprise(b.Context(), r, domaintest.EnterpriseAnswer)
		return err
	}
}

// dying calls f, in which the process dies.
func dying(t *testing.T, f func() error) {
	t.Helper()
	defer func() {
		if recover() == nil {
			t.Error("the process did not die")
		}
	}()
	t.Errorf("%v", f())
}

// Whether a provider answered a request that died is unknown. A repetition asks the others.
func TestARepetitionOfARequestThatDiedAsksAnotherProvider(t *testing.T) {
	b := newBench(t)
	dies := true
	r := &registries{
		answers: []voice{{name: "a"}, {name: "b", CheckResult: realname.CheckResult{Outcome: realname.Match}}},
		before: func(string) {
			if dies {
				panic("the process died")
			}
		},
	}
	b.Registry = r
	id := b.Begin(realname.LegalRepresentative)
	submit := b.keyed(id, "k")
	dying(t, submit)
	dies = false
	wantCode(t, submit(), realname.CodeKeyInProgress) // it may still run
	b.Advance(31 * time.Second)
	if err := submit(); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(r.asked, " "); got != "a b" {
		t.Errorf("asked %s", got)
	}
	if got := lastCode(b.SessionOf(id)); got != "" {
		t.Errorf("refused with %q", got)
	}
}

func TestARequestThatDiedWithEveryProviderAskedIsNotRepeated(t *testing.T) {
	b := newBench(t)
	asked := 0
	b.RegistryAnswers = func(context.Context) (realname.CheckResult, error) {
		if asked++; asked == 1 {
			panic("the process died")
		}
		return realname.CheckResult{Outcome: realname.NotCovered}, nil
	}
	id := b.Begin(realname.LegalRepresentative)
	submit := b.keyed(id, "k")
	dying(t, submit)
	b.Advance(31 * time.Second)
	for range 3 {
		wantCode(t, submit(), realname.CodeUnavailable)
	}
	if asked != 1 {
		t.Fatalf("asked %d times under one key", asked)
	}
	// The person tries again, which pages do under a new key.
	if err := b.keyed(id, "another")(); err != nil || asked != 2 {
		t.Errorf("%v after %d questions", err, asked)
	}
}

// A request that ended with a refusal is over: the person may try again under any key.
func TestARefusedQuestionMayBePutAgainUnderItsKey(t *testing.T) {
	down := errors.New("down")
	for name, first := range map[string]realname.CheckResult{
		"unavailable": {Outcome: realname.Unavailable, Provider: "tencent"},
		"not asked":   {Outcome: realname.Limited, Provider: "tencent", NotAsked: true},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			asked := 0
			b.RegistryAnswers = func(context.Context) (realname.CheckResult, error) {
				if asked++; asked == 1 {
					return first, down
				}
				return realname.CheckResult{Outcome: realname.Match}, nil
			}
			id := b.Begin(realname.LegalRepresentative)
			submit := b.keyed(id, "k")
			wantCode(t, submit(), realname.CodeUnavailable)
			if err := submit(); err != nil || asked != 2 {
				t.Errorf("%v after %d questions", err, asked)
			}
		})
	}
}

func TestARepetitionWhileAProviderIsAskedIsToldThatItRuns(t *testing.T) {
	b := newBench(t)
	asked := 0
	var submit func() error
	b.RegistryAnswers = func(context.Context) (realname.CheckResult, error) {
		asked++
		wantCode(t, submit(), realname.CodeKeyInProgress)
		return realname.CheckResult{Outcome: realname.Match}, nil
	}
	submit = b.keyed(b.Begin(realname.LegalRepresentative), "k")
	for range 2 {
		if err := submit(); err != nil || asked != 1 {
			t.Errorf("%v after %d questions", err, asked)
		}
	}
}

// An answer that could not be stored is lost, but it was given: a repetition does not ask
// for it again.
func TestALostDecisionIsNotAskedForAgain(t *testing.T) {
	b := newBench(t)
	asked := b.registrySays(realname.CheckResult{Outcome: realname.Match})
	submit := b.keyed(b.Begin(realname.LegalRepresentative), "k")
	whole := b.Store
	b.Store = &second{Store: whole, err: errors.New("no store")}
	if err := submit(); err == nil {
		t.Fatal("decided")
	}
	b.Store = whole
	wantCode(t, submit(), realname.CodeKeyInProgress)
	b.Advance(31 * time.Second)
	wantCode(t, submit(), realname.CodeUnavailable)
	if *asked != 1 {
		t.Errorf("asked %d times", *asked)
	}
}

// Another request of the account moves its counter while a question ends.
func TestAnEndedQuestionIsForgottenAlsoIfTheDayMoves(t *testing.T) {
	b := newBench(t)
	asked := 0
	b.RegistryAnswers = func(context.Context) (realname.CheckResult, error) {
		if asked++; asked > 1 {
			return realname.CheckResult{Outcome: realname.Match}, nil
		}
		key := realname.AccountQuery{AccountID: domaintest.AccountID, Day: realname.Day(b.Now())}
		view, err := store.New(b.Table).LoadAccount(b.Context(), key)
		if err != nil {
			return realname.CheckResult{}, err
		}
		view.Day.SMS++
		err = store.New(b.Table).Commit(b.Context(), realname.Writing(
			realname.CountedDay{AccountID: domaintest.AccountID, AccountDay: view.Day}))
		return realname.CheckResult{Outcome: realname.Unavailable}, errors.Join(errors.New("down"), err)
	}
	submit := b.keyed(b.Begin(realname.LegalRepresentative), "k")
	wantCode(t, submit(), realname.CodeUnavailable)
	if err := submit(); err != nil || asked != 2 {
		t.Errorf("%v after %d questions", err, asked)
	}
}
