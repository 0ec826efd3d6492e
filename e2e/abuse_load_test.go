package e2e

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"realname/e2e/world"
)

// Reserved concurrency of the function of passwords, for a fifth of the deployed pace.
// Deployed, a request for a reset code takes a second and 100 instances are reserved;
// here it takes 200 ms.
const (
	passwordInstances = "credentials=20"
	tooFewInstances   = "credentials=2" // as 20 instances at a pace of two seconds
)

// resetLoad sends reset requests under made-up names, 20 a second for the given time,
// while another client asks for codes one at a time. It returns the other client's
// answers and their times.
func resetLoad(t *testing.T, p *place, load time.Duration) (statuses []int, times []time.Duration) {
	t.Helper()
	ask := func(who string, n int) (answer, error) {
		return (&clerk{TB: t, at: p}).exchange("POST", "/v1/password-reset-codes",
			fmt.Appendf(nil, `{"loginName":"%s-%d","mobile":"137%08d"}`, who, n, n))
	}
	var client sync.WaitGroup
	client.Go(func() {
		every := time.NewTicker(time.Second / 20)
		defer every.Stop()
		for n, end := 0, time.Now().Add(load); time.Now().Before(end); n++ {
			client.Go(func() { _, _ = ask("made-up", n) }) // may be refused
			<-every.C
		}
	})
	pause := time.NewTicker(300 * time.Millisecond) // longer than a request, so that another can take its instance
	defer pause.Stop()
	for n, end := 0, time.Now().Add(load); time.Now().Before(end); n++ {
		<-pause.C
		begun := time.Now()
		a, err := ask("other", n)
		if err != nil {
			t.Fatal(err)
		}
		statuses, times = append(statuses, a.Status), append(times, time.Since(begun))
	}
	client.Wait()
	slices.Sort(times)
	return statuses, times
}

// One client that asks for reset codes 20 times a second leaves instances for others:
// none of their requests is refused.
func TestResetRequestsLeaveInstancesForOthers(t *testing.T) {
	p := only(t, "--concurrency", passwordInstances)
	c := p.clerkOf(t, world.Pass)
	statuses, times := resetLoad(t, p, 3*time.Second)
	for _, status := range statuses {
		if status != 202 {
			t.Errorf("another client was answered %d", status)
		}
	}
	if a := c.get("/v1/account"); a.Status != 200 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	t.Logf("another client's median: %v, usually 200ms", times[len(times)/2])
}

// With as few instances as once, the same load takes them all: the test above can fail.
func TestTooFewInstancesAreFilled(t *testing.T) {
	p := only(t, "--concurrency", tooFewInstances)
	statuses, _ := resetLoad(t, p, 2*time.Second)
	if !slices.Contains(statuses, 503) {
		t.Errorf("nobody was refused: %v", statuses)
	}
}
