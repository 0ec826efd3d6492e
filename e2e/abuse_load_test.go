package e2e

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"realname/e2e/world"
)

// fewInstances is less than a tenth of the instances that are reserved on a stage.
const fewInstances = "credentials=3"

// One client that asks for reset codes 20 times a second leaves other clients' requests as
// they are: none is refused, and they take at most twice their usual time.
func TestResetRequestsLeaveInstancesForOthers(t *testing.T) {
	p := only(t, "--concurrency", fewInstances)
	c := p.clerkOf(t, world.Pass)
	n := 0
	ask := func(who string, n int) (answer, error) {
		return (&clerk{TB: t, at: p}).exchange("POST", "/v1/password-reset-codes",
			fmt.Appendf(nil, `{"loginName":"%s-%d","mobile":"137%08d"}`, who, n, n))
	}
	median := func(requests int) time.Duration { // of another client, who asks for one code after another
		var times []time.Duration
		for range requests {
			begun := time.Now()
			a, err := ask("other", n)
			if err != nil || a.Status != 202 {
				t.Fatalf("another client was answered %d %s %v", a.Status, a.Body, err)
			}
			times = append(times, time.Since(begun))
			n++
		}
		slices.Sort(times)
		return times[len(times)/2]
	}
	usual := median(200)
	var client sync.WaitGroup
	stopped := make(chan struct{})
	stop := sync.OnceFunc(func() { close(stopped); client.Wait() })
	t.Cleanup(stop) // also if the test fails
	client.Go(func() {
		every := time.NewTicker(time.Second / 20)
		defer every.Stop()
		for n := 0; ; n++ {
			client.Go(func() { _, _ = ask("made-up", n) }) // may be refused
			select {
			case <-every.C:
			case <-stopped:
				return
			}
		}
	})
	var loaded time.Duration
	for begun := time.Now(); time.Since(begun) < 3*time.Second; {
		loaded = max(loaded, median(100))
	}
	if a := c.get("/v1/account"); a.Status != 200 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	stop()
	// A few milliseconds are the machine's own.
	if loaded > 2*usual && loaded > 20*time.Millisecond {
		t.Errorf("another client's median is %v under load, usually %v", loaded, usual)
	}
	t.Logf("another client's median: usually %v, at most %v under load", usual, loaded)
}
