package verification_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"realname/shared/realname"
)

func TestMessagesAreCountedOnAccountAndNumber(t *testing.T) {
	for name, limit := range map[string]func(l *realname.Limits) *int{
		"account": func(l *realname.Limits) *int { return &l.SMSPerAccountPerDay },
		"number":  func(l *realname.Limits) *int { return &l.SMSPerNumberPerDay },
	} {
		b := newBench(t)
		*limit(&b.Limits) = 2
		id := b.toLegal()
		for n := range 3 {
			_, err := b.AskCode(id)
			b.Advance(b.Limits.SMSInterval)
			if want := map[bool]realname.Code{true: realname.CodeSMSLimit}[n == 2]; realname.CodeOf(err) != want {
				t.Errorf("%s, message %d: %v", name, n+1, err)
			}
		}
	}
}

// carrier is a provider of messages with one answer.
type carrier struct {
	result realname.CheckResult
	err    error
}

func (c carrier) SendCode(context.Context, realname.SMSMessage) (realname.CheckResult, error) {
	return c.result, c.err
}

func TestAMessageLeavesWhatBecameOfIt(t *testing.T) {
	for outcome, want := range map[realname.Outcome]realname.Code{
		realname.Match: "", realname.Unavailable: realname.CodeUnavailable,
	} {
		b := newBench(t)
		id := b.toLegal()
		b.SMS = carrier{result: realname.CheckResult{Outcome: outcome, Provider: "p"}}
		if _, err := b.AskCode(id); realname.CodeOf(err) != want {
			t.Fatalf("%s: %v", outcome, err)
		}
		attempts := b.Attempts(id)
		if last := attempts[len(attempts)-1]; last.Evidence.Check != realname.SMSCheck || last.Code != want {
			t.Errorf("%s: %+v", outcome, last)
		}
	}
}

// second is a store whose second commit fails.
type second struct {
	realname.Store
	commits int
	err     error
}

func (s *second) Commit(ctx context.Context, c realname.Change) error {
	if s.commits++; s.commits == 2 {
		return s.err
	}
	return s.Store.Commit(ctx, c)
}

func TestACountThatCannotBeGivenBackIsTold(t *testing.T) {
	b := newBench(t)
	id := b.toLegal()
	sending, storing := errors.New("no carrier"), errors.New("no store")
	b.SMS = carrier{err: sending}
	b.Store = &second{Store: b.Store, err: storing}
	if _, err := b.AskCode(id); !errors.Is(err, sending) || !errors.Is(err, storing) {
		t.Errorf("%v", err)
	}
}

func TestRepairLeavesAFreshSignalAlone(t *testing.T) {
	b := newBench(t)
	b.Lost = true
	b.Begin(realname.LegalRepresentative)
	for after, want := range []int{0, 1} {
		b.Advance(time.Duration(after) * 2 * time.Second)
		if done, err := b.Repair(t.Context()); done.Looked != want {
			t.Errorf("%d s later: %+v, %v", 2*after, done, err)
		}
	}
}
