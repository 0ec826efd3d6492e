package verification_test

import (
	"cmp"
	"context"
	"errors"
	"testing"
	"time"

	"realname/local/domaintest"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table"
	"realname/shared/verification"
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

// second is a store whose second commit fails, or the one that nth says.
type second struct {
	realname.Store
	commits, nth int
	err          error
}

func (s *second) Commit(ctx context.Context, c realname.Change) error {
	if s.commits++; s.commits == cmp.Or(s.nth, 2) {
		return s.err
	}
	return s.Store.Commit(ctx, c)
}

func TestACountThatCannotBeGivenBackIsTold(t *testing.T) {
	b := newBench(t)
	id := b.toLegal()
	sending, storing := errors.New("no carrier"), errors.New("no store")
	b.SMS = carrier{err: sending}
	b.Store = &second{Store: b.Store, nth: 4, err: storing} // after number, account and code
	if _, err := b.AskCode(id); !errors.Is(err, sending) || !errors.Is(err, storing) {
		t.Errorf("%v", err)
	}
}

// askCode asks for a code under the key.
func (b *bench) askCode(session string) error {
	_, err := b.Verification.SendCode(b.Context(), verification.CodeRequest{
		Caller: b.Caller(), SessionID: session, Step: realname.StepLegalRepresentative,
		Mobile: mobile, BankCardNumber: cardNumber, Idempotency: key,
		Render: func(time.Duration, time.Time) realname.Reply { return realname.Reply{Status: 202} },
	})
	return err
}

// messages returns how many messages count for the account and for its number, and the
// session's code.
func (b *bench) messages(session string) (ofAccount, ofNumber int, code *realname.SMSCode) {
	b.Helper()
	number, err := b.Sealer.Index(verification.NumberPurpose, mobile)
	if err != nil {
		b.Fatal(err)
	}
	view, err := store.New(b.Table).LoadSession(b.Context(), realname.SessionQuery{
		AccountID: domaintest.AccountID, SessionID: session, Day: realname.Day(b.Now()),
		NumberIndex: number, CodeStep: realname.StepLegalRepresentative,
	})
	if err != nil {
		b.Fatal(err)
	}
	return view.Day.SMS, view.Number.SMS, view.Code
}

// A message is counted by one write after the other. A request that loses the race at one
// of them takes back those before it, and sends nothing.
func TestAMessageThatLosesARaceDoesNotCount(t *testing.T) {
	for n, at := range []string{"the mark of the request", "the number", "the account", "the code"} {
		t.Run(at, func(t *testing.T) {
			b := newBench(t)
			id := b.toLegal()
			sent := 0
			b.SMSAnswers = func() error { sent++; return nil }
			whole := b.Store
			b.Store = &second{Store: whole, nth: n + 1, err: realname.ErrStale}
			wantCode(t, b.askCode(id), realname.CodeConflict)
			if account, number, code := b.messages(id); account != 0 || number != 0 || code != nil || sent != 0 {
				t.Errorf("%d of the account, %d of the number, %+v, %d sent", account, number, code, sent)
			}
			b.Store = whole
			if err := b.askCode(id); err != nil || sent != 1 {
				t.Errorf("again: %v, %d sent", err, sent)
			}
		})
	}
}

// A table that fails for a moment costs no message, and the request can be repeated at once.
func TestAMessageThatCannotBeCountedIsTakenBack(t *testing.T) {
	for nth := range 4 {
		b := newBench(t)
		id := b.toLegal()
		whole := b.Store
		b.Store = &second{Store: whole, nth: nth + 1, err: table.ErrThrottled}
		if err := b.askCode(id); !errors.Is(err, table.ErrThrottled) {
			t.Errorf("%v", err)
		}
		if account, number, code := b.messages(id); account != 0 || number != 0 || code != nil {
			t.Errorf("throttled at write %d: %d of the account, %d of the number, %+v", nth+1, account, number, code)
		}
		if err := b.askCode(id); err != nil {
			t.Errorf("throttled at write %d, again: %v", nth+1, err)
		}
	}
}

// mortal is a store that commits no more after some commits.
type mortal struct {
	realname.Store
	lives int
}

func (s *mortal) Commit(ctx context.Context, c realname.Change) error {
	if s.lives--; s.lives < 0 {
		return errors.New("the process died")
	}
	return s.Store.Commit(ctx, c)
}

// A request that dies before it sends its message costs a message of the limits at most.
// Its repetition is refused while the request may run, and then sends one.
func TestARequestThatDiesBeforeItsMessageCountsOneAtMost(t *testing.T) {
	for nth := range 4 {
		b := newBench(t)
		id := b.toLegal()
		sent := 0
		b.SMSAnswers = func() error { sent++; return nil }
		whole := b.Store
		b.Store = &mortal{Store: whole, lives: nth}
		if err := b.askCode(id); err == nil || sent != 0 {
			t.Errorf("%v, %d sent", err, sent)
		}
		b.Store = whole
		if nth > 0 {
			wantCode(t, b.askCode(id), realname.CodeKeyInProgress)
		}
		b.Advance(b.Limits.SMSInterval)
		if err := b.askCode(id); err != nil || sent != 1 {
			t.Errorf("died at write %d, again: %v, %d sent", nth+1, err, sent)
		}
		if account, number, _ := b.messages(id); account > 2 || number > 2 {
			t.Errorf("died at write %d: %d of the account, %d of the number", nth+1, account, number)
		}
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
