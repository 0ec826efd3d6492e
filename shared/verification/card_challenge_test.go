package verification_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"realname/local/domaintest"
	"realname/shared/realname"
	"realname/shared/verification"
)

func TestChallengeDiesAfterTwoMinutes(t *testing.T) {
	b := newCardBench(t)
	s := b.Begin(realname.ICCard)
	c := b.challenge(domaintest.AccountID, s)
	b.Advance(realname.CardChallengeLife - time.Second)
	late := b.challenge(domaintest.AccountID, s)
	b.Advance(time.Second)
	if err := b.answerCard(s, c, "a"); realname.CodeOf(err) != realname.CodeCardChallengeExpired {
		t.Errorf("after two minutes: %v", err)
	}
	if err := b.answerCard(s, late, "a"); err != nil {
		t.Errorf("the later one: %v", err)
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

// Requests for a challenge that arrive together stay within the day's limit, and what
// they store is gone soon after.
// A request that is sent again gets its answer, also if the day has no attempt left by then.
func TestARepeatedChallengeIsAnsweredAfterTheLastAttempt(t *testing.T) {
	for _, method := range []realname.Method{"", realname.ICCard} { // to bind the card, and for a session
		b := newCardBench(t)
		r := verification.ChallengeRequest{
			Caller: b.Caller(), Idempotency: &realname.Idempotency{Key: "k", Fingerprint: "f"},
			Render: func(challenge string, _ time.Time) realname.Reply {
				return realname.Reply{Status: 201, Body: []byte(challenge)}
			},
		}
		if method != "" {
			r.SessionID = b.Begin(method)
		}
		first, err := b.NewCardChallenge(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		b.Limits.FailedTriesPerDay = 0
		again, err := b.NewCardChallenge(t.Context(), r)
		if err != nil || string(again.Body) != string(first.Body) {
			t.Errorf("%q: %s and then %s, %v", method, first.Body, again.Body, err)
		}
		r.Idempotency = nil
		_, err = b.NewCardChallenge(t.Context(), r)
		wantCode(t, err, realname.CodeAttemptsExhausted)
	}
}

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
