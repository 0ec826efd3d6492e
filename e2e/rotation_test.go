package e2e

import (
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"realname/e2e/world"
)

// A hundred sessions, forty of them at a bank, run from start to verified.
// Meanwhile, staff repeatedly rotate the vault's key, the token key, the
// webhook's secret, the bank's key, and our key for the bank. No session fails,
// and every event arrives with a valid signature. Each bank session is handed
// over before a rotation of both bank keys and called back after it.
func TestKeysRotateWhileAHundredSessionsRun(t *testing.T) {
	const sessions, atBank = 100, 40
	p := crowded(t, "--notify-every", "100ms", "--notify-first", "200ms")
	clerks := make([]*clerk, sessions)
	for i := range clerks {
		clerks[i] = p.clerkOf(t, world.Pass)
	}
	consent, forBank := clerks[0].consent("legal_representative"), clerks[0].consent("bank_ukey")
	bank := p.keyedBank(t, "ROTA")
	done, turn := make(chan struct{}), newTurns()
	rotations := map[string]int{}
	var mu sync.Mutex
	rotate := func(key string, by func(n int) error) bool {
		mu.Lock()
		n := rotations[key] + 1
		mu.Unlock()
		if err := by(n); err != nil {
			t.Errorf("rotate %s: %v", key, err)
			return false
		}
		mu.Lock()
		defer mu.Unlock()
		rotations[key] = n
		return true
	}
	var operators sync.WaitGroup
	operators.Go(func() {
		for running(done) {
			for _, key := range []string{"vault", "token", "machine-token", "webhook"} {
				if !rotate(key, func(int) error { return p.rotateKey(t, key) }) {
					return
				}
			}
		}
	})
	operators.Go(func() {
		defer turn.over()
		for running(done) {
			if !rotate("bank", func(int) error { return bank.rotate(t) }) ||
				!rotate("own", func(n int) error { return bank.rotateOwn(t, n) }) {
				return
			}
			turn.next()
		}
	})
	clerks[0].atOnce(sessions, func(i int) (answer, error) {
		if i >= atBank {
			return answer{}, clerks[i].drive(consent)
		}
		for range i % 2 {
			turn.wait()
		}
		return answer{}, clerks[i].driveBank(bank, forBank, turn.wait)
	})
	close(done)
	operators.Wait()
	t.Logf("rotations: %v", rotations)
	verified := func() int {
		n := 0
		for _, w := range clerks[0].received().Webhooks {
			if w.Verified && !w.Again && w.Body.Type == "SessionClosed" && w.Body.Data.Status == "verified" {
				n++
			}
		}
		return n
	}
	for end := time.Now().Add(30 * time.Second); verified() < sessions && time.Now().Before(end); {
		time.Sleep(100 * time.Millisecond)
	}
	if n := verified(); n != sessions {
		t.Errorf("%d of %d events of verified sessions arrived", n, sessions)
	}
	for _, w := range clerks[0].received().Webhooks {
		if !w.Verified {
			t.Errorf("a signature was refused: %+v", w)
		}
	}
	// Tokens of both keys and data of every key remain valid.
	if a := clerks[0].get("/v1/account"); a.Status != 200 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if a := p.login(t, clerks[0].who).get("/v1/account"); a.Status != 200 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

func running(done chan struct{}) bool {
	select {
	case <-done:
		return false
	default:
		return true
	}
}

// turns lets many goroutines wait for the next turn of one.
type turns struct {
	mu    sync.Mutex
	now   chan struct{}
	ended bool
}

func newTurns() *turns { return &turns{now: make(chan struct{})} }

func (s *turns) wait() {
	s.mu.Lock()
	now := s.now
	s.mu.Unlock()
	<-now
}

func (s *turns) next() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.ended {
		close(s.now)
		s.now = make(chan struct{})
	}
}

// over releases all waiting goroutines.
func (s *turns) over() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = true
	close(s.now)
}

// rotateKey rotates a key with realname keys rotate.
func (p *place) rotateKey(t testing.TB, key string) error {
	out, ok := p.commandLine(t, "keys", "rotate", key, "--json")
	if !ok {
		return errors.New(out)
	}
	var said struct{ Now, Secret string }
	if err := json.Unmarshal([]byte(out), &said); err != nil || said.Now == "" || key == "webhook" && said.Secret == "" {
		return errors.New(out)
	}
	return nil
}

func TestARotatedVaultKeySealsAndTheOldOneOpens(t *testing.T) {
	p := only(t)
	type rotated struct{ Now, Before string }
	first := says[rotated](t, p, "keys", "rotate", "vault")
	second := says[rotated](t, p, "keys", "rotate", "vault")
	if first.Now == first.Before || second.Before != first.Now {
		t.Errorf("%+v, then %+v", first, second)
	}
	index := says[struct{ From time.Time }](t, p, "keys", "rotate", "index")
	if wait := time.Until(index.From); wait < 25*time.Minute || wait > 30*time.Minute {
		t.Errorf("the new index keys are in use after %v", wait)
	}
	if out, trouble, ok := p.program(t, "keys", "rotate", "index"); ok || !strings.Contains(trouble, "not in use yet") {
		t.Errorf("a rotation inside another: %s%s", out, trouble)
	}
	used := map[string]string{}
	for _, key := range []string{"token", "machine-token"} {
		token := says[rotated](t, p, "keys", "rotate", key)
		again := says[rotated](t, p, "keys", "rotate", key)
		if token.Now == token.Before || again.Now != token.Before {
			t.Errorf("%s: %+v, then %+v", key, token, again)
		}
		for _, id := range []string{token.Now, token.Before} {
			if other := used[id]; other != "" {
				t.Errorf("%s and %s have key %s", other, key, id)
			}
			used[id] = key
		}
	}
}
