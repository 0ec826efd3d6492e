package e2e

import (
	"encoding/json"
	"sync"
	"testing"
	"time"

	"realname/e2e/world"
)

// A hundred sessions run from start to verified while an operator rotates the
// vault's key, the token key and the webhook's secret, again and again: none of
// them fails, and every event arrives with a valid signature.
func TestKeysRotateWhileAHundredSessionsRun(t *testing.T) {
	const sessions = 100
	p := only(t, "--notify-every", "100ms", "--notify-first", "200ms")
	clerks := make([]*clerk, sessions)
	for i := range clerks {
		clerks[i] = p.clerkOf(t, world.Pass)
	}
	consent := clerks[0].consent()
	secret := struct{ Secret string }{}
	rotations := 0
	done := make(chan struct{})
	var operator sync.WaitGroup
	operator.Go(func() {
		for {
			for _, key := range []string{"vault", "token", "webhook"} {
				out, ok := p.commandLine(t, "keys", "rotate", key, "--json")
				if !ok {
					t.Errorf("rotate %s: %s", key, out)
					return
				}
				if key == "webhook" {
					if err := json.Unmarshal([]byte(out), &secret); err != nil || secret.Secret == "" {
						t.Errorf("%s", out)
						return
					}
				}
				rotations++
			}
			select {
			case <-done:
				return
			default:
			}
		}
	})
	clerks[0].atOnce(sessions, func(i int) (answer, error) { return answer{}, clerks[i].drive(consent) })
	close(done)
	operator.Wait()
	t.Logf("%d rotations", rotations)
	verified := func() int {
		n := 0
		for _, w := range clerks[0].received().Webhooks {
			if w.Verified && !w.Again && w.Body.Type == "SessionClosed" && w.Body.Data.Status == "verified" {
				n++
			}
		}
		return n
	}
	for end := time.Now().Add(30 * time.Second); verified() < sessions && time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
	}
	if n := verified(); n != sessions {
		t.Errorf("%d of %d events of verified sessions arrived", n, sessions)
	}
	for _, w := range clerks[0].received().Webhooks {
		if !w.Verified {
			t.Errorf("a signature was refused: %+v", w)
		}
	}
	// Tokens of both keys and data of every key are still good.
	if a := clerks[0].get("/v1/account"); a.Status != 200 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if a := p.login(t, clerks[0].who).get("/v1/account"); a.Status != 200 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

func TestARotatedVaultKeySealsAndTheOldOneOpens(t *testing.T) {
	p := only(t)
	type rotated struct{ Now, Before string }
	first := says[rotated](t, p, "keys", "rotate", "vault")
	second := says[rotated](t, p, "keys", "rotate", "vault")
	if first.Now == first.Before || second.Before != first.Now {
		t.Errorf("%+v, then %+v", first, second)
	}
	token := says[rotated](t, p, "keys", "rotate", "token")
	again := says[rotated](t, p, "keys", "rotate", "token")
	if token.Now == token.Before || again.Now != token.Before {
		t.Errorf("%+v, then %+v", token, again)
	}
}
