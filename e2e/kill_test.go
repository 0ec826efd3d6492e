package e2e

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"realname/api"
	"realname/e2e/faults"
	"realname/e2e/world"
	"realname/shared/realname"
)

// make test-faults kills the service more often.
var kills = flag.Int("kills", 5, "how often the crash test kills the service")

// crashClerks is the number of clerks at work when the service is killed.
const crashClerks = 32

// killer kills a service at random moments and checks what it kept. Meanwhile, the
// clerks go through exchange.
type killer struct {
	*place
	spare sync.RWMutex // held for reading by what a kill must not meet
	gate  sync.RWMutex // held for reading during each request; for writing while the service is down or checked

	mu      sync.Mutex
	started map[string]promise // by session
	// Events that arrived before: the sandbox's receiver forgets all but the last 10,000.
	received, published map[string]bool
}

// promise is what the service has told about a session.
type promise struct {
	passed []string // steps
	status string
}

// exchange is clerk.exchange. A request that a kill cut off counts as unavailable,
// because nobody knows whether it took effect. The sandbox's switches are tried again.
func (k *killer) exchange(c *clerk, method, path string, body []byte, headers ...string) (answer, error) {
	for {
		k.gate.RLock()
		a, err := c.send(method, path, body, headers...)
		if err == nil && a.Status < 300 && strings.HasPrefix(path, "/v1/sessions") {
			k.told(a.Body)
		}
		k.gate.RUnlock()
		switch {
		case err == nil || a.Status != 0: // an answer, which may break the contract
			return a, err
		case !strings.HasPrefix(path, "/sandbox/"):
			return answer{Status: http.StatusServiceUnavailable, Body: []byte(`{}`)}, nil
		}
		time.Sleep(time.Millisecond)
	}
}

// told records an answer about a session.
func (k *killer) told(body []byte) {
	var s api.Session
	if json.Unmarshal(body, &s) != nil || s.Id == "" {
		return
	}
	p := promise{status: string(s.Status)}
	for _, step := range s.Steps {
		if step.Outcome == "passed" {
			p.passed = append(p.passed, string(step.Name))
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if before := k.started[s.Id]; len(before.passed) <= len(p.passed) && !final(before.status) {
		k.started[s.Id] = p
	}
}

func final(status string) bool {
	return slices.Contains([]string{"verified", "failed", "canceled", "expired"}, status)
}

// round lets the clerks work for a while, kills the service, starts it again, and
// checks that everything it told is kept and that all it kept agrees.
func (k *killer) round(t *testing.T, random *rand.Rand) {
	time.Sleep(time.Duration(50+random.IntN(1000)) * time.Millisecond)
	k.spare.Lock()
	k.process.kill() // requests are under way
	k.gate.Lock()
	defer k.gate.Unlock()
	err := k.restart()
	k.spare.Unlock()
	if err != nil {
		t.Fatalf("the service does not start again: %v", err)
	}
	c := &clerk{TB: t, at: k.place}
	// The platform's clock is first: it refuses messages from another time, and those that
	// it refused before the other clock moves are due after that.
	switches := func(offset string) {
		for _, clock := range []string{"platform", "notify"} {
			body := fmt.Appendf(nil, `{"function":%q,"offset":%q}`, clock, offset)
			if a, err := c.send("POST", "/sandbox/clocks", body); err != nil || a.Status != http.StatusOK {
				t.Fatalf("clocks: %d %s %v", a.Status, a.Body, err)
			}
		}
	}
	defer switches("0s")
	hours, begin := 0, time.Now()
	for end := begin.Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		// Notices that wait for their next attempt are due, also if an attempt fails now: it
		// would wait 30 s. They are given up after 24 hours.
		if due := 2 + 2*int(time.Since(begin)/(5*time.Second)); due != hours {
			hours = due
			switches(fmt.Sprintf("%dh", hours))
		}
		state := k.stored(t, c)
		k.keptAll(t, state)
		wrong := state.Check(time.Now())
		if len(wrong) == 0 {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%d things do not agree after a kill: %q", len(wrong), wrong[:min(20, len(wrong))])
		}
	}
}

func (k *killer) stored(t *testing.T, c *clerk) faults.State {
	t.Helper()
	var raw [2][]byte
	for i, path := range []string{"/sandbox/dump", "/sandbox/receiver"} {
		a, err := c.send("GET", path, nil)
		if err != nil || a.Status != http.StatusOK {
			t.Fatalf("%s: %d %s %v", path, a.Status, a.Body, err)
		}
		raw[i] = a.Body
	}
	state, err := faults.Read(raw[0], raw[1])
	if err != nil {
		t.Fatal(err)
	}
	for before, now := range map[*map[string]bool]map[string]bool{
		&k.received: state.Received, &k.published: state.Published,
	} {
		for id, arrived := range *before {
			now[id] = now[id] || arrived
		}
		*before = now
	}
	return state
}

// keptAll checks that the state holds everything that the service told.
func (k *killer) keptAll(t *testing.T, state faults.State) {
	t.Helper()
	k.mu.Lock()
	defer k.mu.Unlock()
	for id, p := range k.started {
		x, there := state.Sessions[id]
		if !there || final(p.status) && string(x.Closed) != p.status {
			t.Fatalf("session %s was told as %q and is kept as %q", id, p.status, x.Closed)
		}
		for _, step := range p.passed {
			if !slices.ContainsFunc(x.Steps, func(s realname.Step) bool {
				return string(s.Name) == step && s.Outcome == realname.StepPassed
			}) {
				t.Fatalf("session %s: step %s was told as passed and is not", id, step)
			}
		}
	}
}

// The service is killed again and again while 32 clerks work by every method, in the
// trouble of the fault suite. After each restart the stored data agrees as package
// faults defines it, and everything that the service acknowledged is there.
func TestWhatIsStoredAgreesAfterKills(t *testing.T) {
	dir := t.TempDir()
	of := crowdFor(t, world.Passing(crashClerks*(*kills+2)))
	p := keeping(t, of, filepath.Join(dir, "state"), "--data", of.dir, "--repair-every", "200ms", "--card", "127.0.0.1:0",
		"--sms-interval", "0s", "--notify-every", "300ms", "--notify-first", "100ms", "--rate", "1000000",
		"--burst", "1000000")
	k := &killer{place: p, started: map[string]promise{}}
	p.killer = k
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	var working, over atomic.Int64
	calm := p.trouble(t, seed, &working)
	done := make(chan struct{})
	var idle sync.WaitGroup
	idle.Go(func() {
		defer close(done)
		random := rand.New(rand.NewPCG(seed, 1))
		for range *kills {
			k.round(t, random)
		}
	})
	t.Run("clerks", func(t *testing.T) {
		var all sync.WaitGroup
		defer all.Wait()
		for n := range crashClerks {
			all.Go(func() {
				working.Add(1)
				defer working.Add(-1)
				for more := n; ; more++ {
					select {
					case <-done:
						return
					default:
					}
					who, left := p.another(world.Pass)
					if !left {
						return
					}
					method := []string{"legal_representative", "bank_ukey", "ic_card"}[more%3]
					c := &clerk{TB: t, at: p, who: who}
					c.insist(method)
					if method != "legal_representative" {
						c.insist("account_holder")
					}
					over.Add(1)
				}
			})
		}
	})
	idle.Wait()
	calm()
	t.Logf("%d kills, %d sessions told, %d enterprises done", *kills, len(k.started), over.Load())
	if len(k.started) < crashClerks {
		t.Errorf("only %d sessions", len(k.started))
	}
}
