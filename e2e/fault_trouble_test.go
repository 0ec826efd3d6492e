package e2e

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// The targets and modes of the fault suite's failures, and the functions and
// clocks that it disturbs.
var (
	troubledTargets = []string{
		"registry", "id_card", "bank_card", "sms", "table", "table", "workflow", "workflow", "webhook", "event_bus",
	}
	troubleModes      = []string{"timeout", "error", "throttle", "drop_answer", "double", "late"}
	troubledFunctions = []string{
		"enterprise", "legal-representative", "account-holder", "sms-codes", "sessions", "finish", "notify", "repair",
		"bank-redirect", "bank-callback",
		"card-challenge", "card-answer", "login", "methods",
	}
	troubledClocks = append([]string{"authorizer", "platform"}, troubledFunctions...)
	clockOffsets   = []string{"-10m", "-5m", "0s", "5m", "10m"}
)

func oneOf(random *rand.Rand, of []string) string { return of[random.IntN(len(of))] }

// trouble injects failures, function aborts and clock errors of up to ten
// minutes, one after another, until the caller calls calm. The rate grows with
// the number of working clerks. At the end, trouble advances the clocks of
// components that wait for a time, so that the test does not have to wait.
func (p *place) trouble(t *testing.T, seed uint64, working *atomic.Int64) (calm func()) {
	stop := make(chan struct{})
	var makers sync.WaitGroup
	atOnce, _ := flag.Lookup("test.parallel").Value.(flag.Getter).Get().(int)
	for n := range max(1, atOnce/2) {
		random := rand.New(rand.NewPCG(seed, uint64(n)))
		makers.Go(func() {
			for {
				select {
				case <-stop:
					return
				case <-time.After(5 * time.Millisecond):
					if int64(2*n) <= working.Load() {
						p.troubleOnce(t, random)
					}
				}
			}
		})
	}
	return sync.OnceFunc(func() {
		close(stop)
		makers.Wait()
		if a := (&clerk{TB: t, at: p}).delete("/sandbox/aborts"); a.Status != http.StatusOK {
			t.Errorf("aborts: %d %s", a.Status, a.Body)
		}
		for _, target := range troubledTargets {
			p.sandbox(t, "faults", `{"target":%q,"mode":"error","times":0}`, target)
		}
		for _, clock := range troubledClocks {
			p.move(t, clock, "0s")
		}
		p.move(t, "repair", "25m")
		p.move(t, "notify", "2h")
		p.move(t, "platform", "2h")
	})
}

func (p *place) troubleOnce(t *testing.T, random *rand.Rand) {
	p.sandbox(t, "faults", `{"target":%q,"mode":%q,"times":%d}`, oneOf(random, troubledTargets),
		oneOf(random, troubleModes), 1+random.IntN(2))
	if random.IntN(10) == 0 { // rarely, since an abort stays pending until a call reaches it
		p.sandbox(t, "aborts", `{"function":%q,"call":%d}`, oneOf(random, troubledFunctions), 1+random.IntN(5))
	}
	if p.killer == nil && random.IntN(2) == 0 { // a killed service comes back with the right clocks
		p.move(t, oneOf(random, troubledClocks), oneOf(random, clockOffsets))
	}
}

func (p *place) move(t *testing.T, clock, offset string) {
	p.sandbox(t, "clocks", `{"function":%q,"offset":%q}`, clock, offset)
}

// sandbox sets one of the sandbox's switches, from any goroutine.
func (p *place) sandbox(t *testing.T, path, body string, values ...any) {
	a, err := (&clerk{TB: t, at: p}).exchange("POST", "/sandbox/"+path, fmt.Appendf(nil, body, values...))
	if err != nil || a.Status != http.StatusOK {
		t.Errorf("%s: %d %s %v", path, a.Status, a.Body, err)
	}
}
