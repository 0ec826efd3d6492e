package verification_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"sync"
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

func (b *bench) answerCard(session, challenge, certificate string) error {
	var refusal error
	_, err := b.SubmitCard(b.Context(), verification.SubmitRequest{
		Caller: b.of(domaintest.AccountID), SessionID: session,
		Render: func(_ realname.Session, err error) realname.Reply { refusal = err; return domaintest.Render(err) },
	}, cardAnswer(challenge, certificate))
	if err == nil {
		err = refusal
	}
	return err
}

func TestAnswerThatDecidesNothingLeavesChallengeAndTries(t *testing.T) {
	b := newCardBench(t)
	s := b.Begin(realname.ICCard)
	c := b.challenge(domaintest.AccountID, s)
	b.Cards = cards{func(realname.CardQuery) (realname.CardResult, error) {
		return realname.CardResult{}, &realname.Error{Code: realname.CodeCRLStale}
	}}
	if err := b.answerCard(s, c, "a"); realname.CodeOf(err) != realname.CodeCRLStale {
		t.Fatal(err)
	}
	b.Cards = cards{func(realname.CardQuery) (realname.CardResult, error) { return realname.CardResult{}, nil }}
	if err := b.answerCard(s, c, "a"); err != nil {
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
		if err := b.answerCard(s, c, "a"); realname.CodeOf(err) != code {
			t.Errorf("got %v, want %s", err, code)
		}
		if err := b.answerCard(s, c, "a"); realname.CodeOf(err) != realname.CodeCardChallengeUsed {
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
		err = b.answerCard(s, b.challenge(domaintest.AccountID, s), "a")
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
	if err := b.answerCard(s, b.challenge(domaintest.AccountID, s), "a"); err != nil {
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
	if err := b.answerCard(session, challenge, "a"); err != nil {
		t.Fatal(err)
	}
	for _, certificate := range []string{"a", "b"} {
		err := b.answerCard(session, challenge, certificate)
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
		err := b.answerCard(s, b.challenge(domaintest.AccountID, s), "a")
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
