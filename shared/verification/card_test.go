package verification_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"realname/local/domaintest"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table"
	"realname/shared/verification"
)

// cards checks cards with the test's hook. A certificate is its own ID.
type cards struct {
	check func(q realname.CardQuery) (realname.CardResult, error)
}

func (c cards) ReadCard(der []byte) (realname.CardCertificate, error) {
	return realname.CardCertificate{ID: string(der), Number: strings.ToUpper(string(der))}, nil
}

func (c cards) CheckCard(_ context.Context, q realname.CardQuery) (realname.CardResult, error) {
	return c.check(q)
}

func newCardBench(t *testing.T) *bench {
	b := newBench(t)
	var mu sync.Mutex
	n := 0
	b.NewChallenge = func() (string, error) {
		mu.Lock()
		defer mu.Unlock()
		n++
		return fmt.Sprintf("challenge-%d", n), nil
	}
	b.Cards = cards{func(realname.CardQuery) (realname.CardResult, error) { return realname.CardResult{}, nil }}
	return b
}

func (b *bench) of(account string) realname.Caller {
	return realname.Caller{AccountID: account, IssuedAt: b.Clock().Add(time.Hour)}
}

// challenge asks for a challenge; without a session, the challenge is for binding.
func (b *bench) challenge(account, session string) string {
	b.Helper()
	var given string
	_, err := b.NewCardChallenge(b.Context(), verification.ChallengeRequest{
		Caller: b.of(account), SessionID: session,
		Render: func(c string, _ time.Time) realname.Reply { given = c; return realname.Reply{Status: 201} },
	})
	if err != nil {
		b.Fatal(err)
	}
	return given
}

func cardAnswer(challenge, certificate string) verification.CardAnswer {
	enc := base64.StdEncoding
	return verification.CardAnswer{
		Challenge: challenge, Certificate: enc.EncodeToString([]byte(certificate)),
		Signature: enc.EncodeToString([]byte("signature")),
	}
}

func (b *bench) answerCard(account, session, challenge, certificate string) error {
	var refusal error
	_, err := b.SubmitCard(b.Context(), verification.SubmitRequest{
		Caller: b.of(account), SessionID: session,
		Render: func(_ realname.Session, err error) realname.Reply { refusal = err; return domaintest.Render(err) },
	}, cardAnswer(challenge, certificate))
	if err == nil {
		err = refusal
	}
	return err
}

func TestChallengeDiesAfterTwoMinutes(t *testing.T) {
	b := newCardBench(t)
	s := b.Begin(realname.ICCard)
	c := b.challenge(domaintest.AccountID, s)
	b.Advance(realname.CardChallengeLife - time.Second)
	late := b.challenge(domaintest.AccountID, s)
	b.Advance(time.Second)
	if err := b.answerCard(domaintest.AccountID, s, c, "a"); realname.CodeOf(err) != realname.CodeCardChallengeExpired {
		t.Errorf("after two minutes: %v", err)
	}
	if err := b.answerCard(domaintest.AccountID, s, late, "a"); err != nil {
		t.Errorf("the later one: %v", err)
	}
}

func TestAnswerThatDecidesNothingLeavesChallengeAndTries(t *testing.T) {
	b := newCardBench(t)
	s := b.Begin(realname.ICCard)
	c := b.challenge(domaintest.AccountID, s)
	b.Cards = cards{func(realname.CardQuery) (realname.CardResult, error) {
		return realname.CardResult{}, &realname.Error{Code: realname.CodeCRLStale}
	}}
	if err := b.answerCard(domaintest.AccountID, s, c, "a"); realname.CodeOf(err) != realname.CodeCRLStale {
		t.Fatal(err)
	}
	b.Cards = cards{func(realname.CardQuery) (realname.CardResult, error) { return realname.CardResult{}, nil }}
	if err := b.answerCard(domaintest.AccountID, s, c, "a"); err != nil {
		t.Errorf("the same answer afterwards: %v", err)
	}
}

func TestEveryDecisionUsesTheChallengeUpAndOnlyMismatchesCostATry(t *testing.T) {
	b := newCardBench(t)
	s := b.Begin(realname.ICCard)
	tries := 5
	for _, code := range []realname.Code{
		realname.CodeCardSHA1, realname.CodeCardUnsuitable, realname.CodeCardNotYetValid,
		realname.CodeCardExpired, realname.CodeCardIssuerUnknown, realname.CodeCardUsageWrong,
		realname.CodeCardUnnamed, realname.CodeCardRevoked, realname.CodeCardSignatureWrong,
		realname.CodeCardWrongEnterprise,
	} {
		b.Cards = cards{func(realname.CardQuery) (realname.CardResult, error) {
			return realname.CardResult{Refusal: code}, nil
		}}
		c := b.challenge(domaintest.AccountID, s)
		if err := b.answerCard(domaintest.AccountID, s, c, "a"); realname.CodeOf(err) != code {
			t.Errorf("got %v, want %s", err, code)
		}
		if err := b.answerCard(domaintest.AccountID, s, c, "a"); realname.CodeOf(err) != realname.CodeCardChallengeUsed {
			t.Errorf("%s: again: %v", code, err)
		}
		if code == realname.CodeCardSignatureWrong || code == realname.CodeCardWrongEnterprise {
			tries--
		}
		session := b.SessionOf(s)
		if left := session.TriesLeft(session.Steps[0]); left != tries {
			t.Errorf("%s: %d tries left, want %d", code, left, tries)
		}
	}
}

func TestFifthMismatchEndsTheSession(t *testing.T) {
	b := newCardBench(t)
	s := b.Begin(realname.ICCard)
	b.Cards = cards{func(realname.CardQuery) (realname.CardResult, error) {
		return realname.CardResult{Refusal: realname.CodeCardWrongEnterprise}, nil
	}}
	var err error
	for range 5 {
		err = b.answerCard(domaintest.AccountID, s, b.challenge(domaintest.AccountID, s), "a")
	}
	if realname.CodeOf(err) != realname.CodeAttemptsExhausted || b.SessionOf(s).Closed != realname.Failed {
		t.Errorf("%v, session %s", err, b.SessionOf(s).Closed)
	}
}

// finishing is a workflow that finishes a session as soon as its step has passed.
type finishing struct{ *bench }

// Passed implements realname.Workflow; the token of a step is its session's ID.
func (f finishing) Passed(ctx context.Context, token string) error {
	_, err := f.Finish(ctx, token)
	return err
}

func TestThePassedCardIsAnsweredWithTheClosedSession(t *testing.T) {
	b := newCardBench(t)
	s := b.Begin(realname.ICCard)
	b.Workflow = finishing{b}
	var shown []realname.Status
	_, err := b.SubmitCard(t.Context(), verification.SubmitRequest{
		Caller: b.Caller(), SessionID: s,
		Render: func(s realname.Session, err error) realname.Reply {
			shown = append(shown, s.Closed)
			return domaintest.Render(err)
		},
	}, cardAnswer(b.challenge(domaintest.AccountID, s), "a"))
	if err != nil || len(shown) != 2 || shown[1] != realname.Verified {
		t.Errorf("%v, shown %q", err, shown)
	}
}

func TestPassRevokesTheTokensInTheTransactionThatClosesTheSession(t *testing.T) {
	b := newCardBench(t)
	s := b.Begin(realname.ICCard)
	if err := b.answerCard(domaintest.AccountID, s, b.challenge(domaintest.AccountID, s), "a"); err != nil {
		t.Fatal(err)
	}
	before := realname.Caller{AccountID: domaintest.AccountID, IssuedAt: b.Clock().Add(-time.Second)}
	if _, err := b.Finish(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Session(t.Context(), before, s); realname.CodeOf(err) != realname.CodeTokenRevoked {
		t.Errorf("the old token: %v", err)
	}
	page, err := b.MethodsPage(t.Context(), b.Caller())
	if err != nil || !page.Enterprise.By.PassedBy(realname.ICCard) {
		t.Errorf("%+v %v", page.Enterprise, err)
	}
}

// Two enterprises bind one certificate at the same moment. A policy that identifies
// enterprises only by name would allow that.
func TestOneCertificateServesOneEnterprise(t *testing.T) {
	b := newCardBench(t)
	var both sync.WaitGroup
	both.Add(2)
	b.Cards = cards{func(realname.CardQuery) (realname.CardResult, error) {
		both.Done()
		both.Wait() // both requests have read that the certificate is free
		return realname.CardResult{}, nil
	}}
	accounts := []string{domaintest.AccountID, "account-2"}
	codes := make([]realname.Code, 2)
	challenges := []string{b.challenge(accounts[0], ""), b.challenge(accounts[1], "")}
	var done sync.WaitGroup
	for i, a := range accounts {
		done.Go(func() {
			_, err := b.BindCard(t.Context(), b.of(a), cardAnswer(challenges[i], "one"))
			codes[i] = realname.CodeOf(err)
		})
	}
	done.Wait()
	winner, loser := 0, 1
	if codes[0] != "" {
		winner, loser = 1, 0
	}
	if codes[winner] != "" || codes[loser] != realname.CodeConflict {
		t.Fatalf("got %q", codes)
	}
	b.Cards = cards{func(realname.CardQuery) (realname.CardResult, error) { return realname.CardResult{}, nil }}
	bind := func(a string) realname.Code {
		_, err := b.BindCard(t.Context(), b.of(a), cardAnswer(b.challenge(a, ""), "one"))
		return realname.CodeOf(err)
	}
	if got := bind(accounts[loser]); got != realname.CodeCardBoundElsewhere {
		t.Errorf("the other enterprise: %q", got)
	}
	if err := b.UnbindCard(t.Context(), b.of(accounts[winner])); err != nil {
		t.Fatal(err)
	}
	if got := bind("account-2"); got != "" {
		t.Errorf("after it was unbound: %q", got)
	}
	// The certificate cannot verify another enterprise either.
	s := b.Begin(realname.ICCard)
	err := b.answerCard(domaintest.AccountID, s, b.challenge(domaintest.AccountID, s), "one")
	if realname.CodeOf(err) != realname.CodeCardBoundElsewhere {
		t.Errorf("verifying with another's bound card: %v", err)
	}
}

func TestRebindingFreesTheCardBefore(t *testing.T) {
	b := newCardBench(t)
	bind := func(a, certificate string) realname.Code {
		_, err := b.BindCard(t.Context(), b.of(a), cardAnswer(b.challenge(a, ""), certificate))
		return realname.CodeOf(err)
	}
	for _, step := range []struct {
		account, certificate string
		want                 realname.Code
	}{
		{domaintest.AccountID, "one", ""},
		{domaintest.AccountID, "two", ""},
		{domaintest.AccountID, "two", ""},
		{"account-2", "two", realname.CodeCardBoundElsewhere},
		{"account-2", "one", ""},
		{domaintest.AccountID, "one", realname.CodeCardBoundElsewhere},
	} {
		if got := bind(step.account, step.certificate); got != step.want {
			t.Errorf("%s binds %s: %q, want %q", step.account, step.certificate, got, step.want)
		}
	}
	card, err := b.Card(t.Context(), b.of(domaintest.AccountID))
	if err != nil || card.ID != "two" {
		t.Errorf("%+v %v", card, err)
	}
}

// A challenge is counted before it is stored.
func TestCardMethodCostsTwoOrThreeTableCallsARequest(t *testing.T) {
	b := newCardBench(t)
	b.Store = store.New(table.Counted(b.Table))
	s := b.Begin(realname.ICCard)
	calls := func(what string, want int64, f func(ctx context.Context) error) {
		t.Helper()
		ctx, counter := table.WithCounter(t.Context())
		if err := f(ctx); err != nil || counter.Calls() != want {
			t.Errorf("%s: %d table calls, want %d; %v", what, counter.Calls(), want, err)
		}
	}
	var challenge string
	calls("challenge", 3, func(ctx context.Context) error {
		_, err := b.NewCardChallenge(ctx, verification.ChallengeRequest{
			Caller: b.Caller(), SessionID: s,
			Render: func(c string, _ time.Time) realname.Reply { challenge = c; return realname.Reply{} },
		})
		return err
	})
	b.Cards = cards{func(realname.CardQuery) (realname.CardResult, error) {
		return realname.CardResult{Refusal: realname.CodeCardRevoked}, nil
	}}
	calls("refused answer", 2, func(ctx context.Context) error {
		_, err := b.SubmitCard(ctx, verification.SubmitRequest{
			Caller: b.Caller(), SessionID: s,
			Render: func(realname.Session, error) realname.Reply { return realname.Reply{Status: 422} },
		}, cardAnswer(challenge, "a"))
		return err
	})
	b.Cards = cards{func(realname.CardQuery) (realname.CardResult, error) { return realname.CardResult{}, nil }}
	challenge = b.challenge(domaintest.AccountID, s)
	caller := b.Caller()
	caller.USCC = domaintest.EnterpriseAnswer.USCC
	b.Lost = true // no workflow closes the session, so the wait for it reads nothing
	b.Wait = func(context.Context, time.Duration) error { return context.Canceled }
	calls("passed answer", 2, func(ctx context.Context) error {
		_, err := b.SubmitCard(ctx, verification.SubmitRequest{
			Caller: caller, SessionID: s,
			Render: func(realname.Session, error) realname.Reply { return realname.Reply{Status: 200} },
		}, cardAnswer(challenge, "a"))
		return err
	})
}

// A card that answers a challenge again, after it has passed, decides nothing.
func TestAPassedStepTakesNoOtherAnswer(t *testing.T) {
	b := newCardBench(t)
	session := b.Begin(realname.ICCard)
	challenge := b.challenge(domaintest.AccountID, session)
	b.Lost = true // the session stays in processing
	b.Wait = func(context.Context, time.Duration) error { return context.Canceled }
	if err := b.answerCard(domaintest.AccountID, session, challenge, "a"); err != nil {
		t.Fatal(err)
	}
	for _, certificate := range []string{"a", "b"} {
		err := b.answerCard(domaintest.AccountID, session, challenge, certificate)
		if realname.CodeOf(err) != realname.CodeStepNotOpen {
			t.Errorf("%s: %v", certificate, err)
		}
	}
	if got := b.Attempts(session); len(got) != 1 {
		t.Errorf("%+v", got)
	}
	if card, err := b.Card(t.Context(), b.Caller()); err != nil || card.ID != "a" {
		t.Errorf("%+v %v", card, err)
	}
}

// asksChallenge asks for a challenge for the card of a session.
func (b *bench) asksChallenge(session string) error {
	_, err := b.NewCardChallenge(b.Context(), verification.ChallengeRequest{
		Caller: b.Caller(), SessionID: session,
		Render: func(string, time.Time) realname.Reply { return realname.Reply{Status: 201} },
	})
	return err
}

// A challenge whose request dies before it is stored counts, and the next one is given.
func TestAChallengeIsCountedBeforeItIsStored(t *testing.T) {
	b := newCardBench(t)
	b.Limits.CardChallengesPerDay = 2
	session := b.Begin(realname.ICCard)
	ask := func() error { return b.asksChallenge(session) }
	whole := b.Store
	b.Store = &second{Store: whole, err: errors.New("the process died")}
	if err := ask(); err == nil {
		t.Fatal("given")
	}
	if n := len(b.stored("CHALLENGE#", "")); n != 0 {
		t.Errorf("%d challenges are stored", n)
	}
	b.Store = whole
	if err := ask(); err != nil {
		t.Error(err)
	}
	wantCode(t, ask(), realname.CodeCardChallengeLimit)
}

// The query to the card check says whether the enterprise's accounts changed its name.
func TestACardIsToldWhoGaveTheEnterpriseItsName(t *testing.T) {
	for _, changed := range []bool{false, true} {
		b := newCardBench(t)
		if changed {
			view, err := b.Store.LoadAccount(t.Context(), realname.AccountQuery{AccountID: domaintest.AccountID})
			if err != nil {
				t.Fatal(err)
			}
			e, err := b.Store.LoadEnterprise(t.Context(), view.Account.USCC)
			if err != nil {
				t.Fatal(err)
			}
			e.Changes++
			if err := b.Store.Commit(t.Context(), realname.Writing(e)); err != nil {
				t.Fatal(err)
			}
		}
		var told []bool
		b.Cards = cards{func(q realname.CardQuery) (realname.CardResult, error) {
			told = append(told, q.Enterprise.Changed)
			return realname.CardResult{Refusal: realname.CodeCardUnnamed}, nil
		}}
		s := b.Begin(realname.ICCard)
		err := b.answerCard(domaintest.AccountID, s, b.challenge(domaintest.AccountID, s), "a")
		if realname.CodeOf(err) != realname.CodeCardUnnamed {
			t.Fatal(err)
		}
		answer := cardAnswer(b.challenge(domaintest.AccountID, ""), "a")
		_, err = b.BindCard(t.Context(), b.of(domaintest.AccountID), answer)
		if realname.CodeOf(err) != realname.CodeCardUnnamed {
			t.Fatal(err)
		}
		if len(told) != 2 || told[0] != changed || told[1] != changed {
			t.Errorf("changed %v, and the card was told %v", changed, told)
		}
	}
}

// If a repetition of a request is decided first, the request returns that answer and
// does not wait for the session, which the decision leaves open.
func TestARepetitionThatDecidesFirstIsTheAnswer(t *testing.T) {
	b := newCardBench(t)
	s := b.Begin(realname.ICCard)
	answer := cardAnswer(b.challenge(domaintest.AccountID, s), "a")
	submit := func() realname.Reply {
		t.Helper()
		reply, err := b.SubmitCard(t.Context(), verification.SubmitRequest{
			Caller: b.Caller(), SessionID: s, Idempotency: &realname.Idempotency{Key: "k", Fingerprint: "body"},
			Render: func(_ realname.Session, err error) realname.Reply { return domaintest.Render(err) },
		}, answer)
		if err != nil {
			t.Fatal(err)
		}
		return reply
	}
	b.Cards = cards{func(realname.CardQuery) (realname.CardResult, error) {
		b.Cards = cards{func(realname.CardQuery) (realname.CardResult, error) {
			return realname.CardResult{Refusal: realname.CodeCardRevoked}, nil
		}}
		if first := submit(); first.Status != 422 {
			t.Errorf("the repetition got %d", first.Status)
		}
		return realname.CardResult{}, nil // the first request passes too late
	}}
	b.Wait = func(context.Context, time.Duration) error {
		t.Error("waited for a session that stays open")
		return nil
	}
	if got := submit(); got.Status != 422 {
		t.Errorf("got %d, want the repetition's 422", got.Status)
	}
	if b.SessionOf(s).Closed != "" {
		t.Error("the session is closed")
	}
}

// Requests for a challenge that arrive together stay within the day's limit, and what
// they store is gone soon after.
func TestChallengesAreBoundedAndExpire(t *testing.T) {
	b := newCardBench(t)
	b.Limits.CardChallengesPerDay = 7
	session := b.Begin(realname.ICCard)
	var given, limited atomic.Int64
	ask := func(n int, session string) {
		_, err := b.NewCardChallenge(t.Context(), verification.ChallengeRequest{
			Caller: b.Caller(), SessionID: session, Idempotency: &realname.Idempotency{Key: fmt.Sprint(n), Fingerprint: "f"},
			Render: func(string, time.Time) realname.Reply { return realname.Reply{Status: 201} },
		})
		var e *realname.Error
		switch errors.As(err, &e); {
		case err == nil:
			given.Add(1)
		case e == nil || e.Code != realname.CodeConflict && e.Code != realname.CodeCardChallengeLimit:
			t.Error(err)
		case e.Code == realname.CodeCardChallengeLimit:
			limited.Add(1)
			if e.RetryAfter != 7*time.Hour {
				t.Errorf("try again after %v", e.RetryAfter)
			}
		}
	}
	var all sync.WaitGroup
	for n := range 100 {
		all.Go(func() { ask(n, map[bool]string{true: session}[n%2 == 0]) })
	}
	all.Wait()
	for n := range 20 {
		ask(100+n, session)
	}
	if given.Load() != 7 || limited.Load() == 0 {
		t.Errorf("%d challenges were given, want 7; %d were refused", given.Load(), limited.Load())
	}
	stored := 0
	for _, it := range b.Table.Dump() {
		if strings.HasPrefix(it.Key.PK, "CHALLENGE#") || strings.HasPrefix(it.Key.PK, "IDEMPOTENCY#") {
			stored++
			if it.Expires.IsZero() || it.Expires.Sub(b.Now()) > realname.CardChallengeLife+10*time.Minute {
				t.Errorf("%s is stored until %v", it.Key.SK, it.Expires)
			}
		}
	}
	if stored != 14 {
		t.Errorf("%d items are stored, want 14", stored)
	}
	b.Advance(7 * time.Hour)
	ask(200, "")
	if given.Load() != 8 {
		t.Error("no challenge on the next day")
	}
}
