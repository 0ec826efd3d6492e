package e2e

import (
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	"realname/e2e/world"
	"realname/local/sandbox/trouble"
)

// The service is killed while a provider has a question. The same request once more does
// not put it to that provider again, whose answer may be under way or lost.
func TestAQuestionOfAKilledServiceGoesToTheNextProvider(t *testing.T) {
	t.Parallel()
	p, sims := routed(t, world.Passing(1), nil, "--state", filepath.Join(t.TempDir(), "state"))
	k := p.clerkOf(t, world.Pass)
	s := k.begin().Id
	// Guards measure deadlines by their own clock, so it is behind first and right later.
	clock := func(offset time.Duration) {
		t.Helper()
		a := k.post("/sandbox/clocks", map[string]any{"function": "enterprise", "offset": offset.String()})
		if a.Status != 200 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	clock(-31 * time.Second)
	if err := sims.tencent.Fault(trouble.Registry, trouble.Timeout, 1); err != nil {
		t.Fatal(err)
	}
	died := make(chan struct{})
	body, err := json.Marshal(k.enterprise())
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(died)
		_, _ = k.send("POST", "/v1/sessions/"+s+"/enterprise", body, "Idempotency-Key", "once") // it dies
	}()
	eventually(t, func() bool { return sims.asked(trouble.Registry)[0] == 1 }, "the provider has the question")
	if err := p.restart(); err != nil {
		t.Fatal(err)
	}
	<-died
	clock(-31 * time.Second)
	once := func() answer { return k.post("/v1/sessions/"+s+"/enterprise", body, "Idempotency-Key", "once") }
	k.wants(once(), 409, "idempotency_in_progress") // nobody knows that it has died
	clock(0)
	for range 2 {
		if a := once(); a.Status != 200 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	if got := sims.asked(trouble.Registry); got != [3]int{1, 1, 0} {
		t.Errorf("asked %v, want each of two once", got)
	}
}
