package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"
)

// journey is a task that runs through a function which aborts partway. The test
// retries every failure. Each accepted request must then have taken effect, and
// each other request at most once.
type journey struct {
	function string
	name     string
	least    int      // the fewest outside calls that it must make
	flags    []string // of the service under test
	// drive prepares the task, calls arm, and completes the task.
	drive func(t *testing.T, p *place, arm func())
}

// journeys returns a journey for each function that makes outside calls.
func journeys() []journey {
	var all []journey
	for _, of := range [][]journey{
		wizardJourneys(), bankJourneys(), cardJourneys(), accountJourneys(), operatorJourneys(), credentialJourneys(),
		messageJourneys(), machineJourneys(), noticeJourneys(), personalDataJourneys(), retentionJourneys(),
	} {
		all = append(all, of...)
	}
	return all
}

// callless names the functions that no abort can interrupt, each with the
// reason.
var callless = map[string]string{
	"authorizer": "it verifies a token with a public key that it reads once in its life, and writes nothing",
	"pages":      "its files are in its binary, and without the banks of the settings it answers as well",
}

func TestEveryFunctionJoinsTheAbortMatrix(t *testing.T) {
	entries, err := os.ReadDir("../functions")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, j := range journeys() {
		known[j.function] = true
	}
	for name := range callless {
		if known[name] {
			t.Errorf("%s has a journey and is said to make no call", name)
		}
		known[name] = true
	}
	for _, e := range entries {
		if e.IsDir() && !known[e.Name()] {
			t.Errorf("%s is ended by no journey; add one, or say in callless why it needs none", e.Name())
		}
		delete(known, e.Name())
	}
	for name := range known {
		t.Errorf("there is no function %s", name)
	}
}

// The test aborts each function once after its first outside call, once after
// its second, and so on until the function makes no more calls.
func TestEveryFunctionAbortedOnceAfterEachOutsideCall(t *testing.T) {
	for _, j := range journeys() {
		t.Run(j.function+" "+j.name, func(t *testing.T) {
			p := only(t, j.flags...)
			for call, fired := 1, true; fired && !t.Failed(); call++ {
				t.Run(fmt.Sprintf("after call %d", call), func(t *testing.T) {
					fired = false // a skipped run is the last one
					j.drive(t, p, func() { p.abort(t, j.function, call) })
					if call <= j.least {
						eventually(t, func() bool { return p.aborts(t) == 0 }, fmt.Sprintf("%s makes call %d", j.function, call))
					}
					fired = p.aborts(t) == 0
				})
			}
		})
	}
}

// abort makes the next invocation of the function end after the given outside
// call.
func (p *place) abort(t *testing.T, function string, call int) {
	t.Helper()
	c := &clerk{TB: t, at: p}
	if a := c.post("/sandbox/aborts", map[string]any{"function": function, "call": call}); a.Status != 200 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
}

// aborts returns the number of pending aborts.
func (p *place) aborts(t *testing.T) int {
	t.Helper()
	var pending struct{ Aborts []any }
	c := &clerk{TB: t, at: p}
	if a := c.get("/sandbox/aborts"); json.Unmarshal(a.Body, &pending) != nil || a.Status != 200 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	return len(pending.Aborts)
}

// again repeats a failed request until its answer has one of the statuses. An
// answer other than a failure or a collision ends the test.
func again(t *testing.T, what string, f func() answer, good ...int) answer {
	t.Helper()
	for range 20 {
		a := f()
		for _, status := range good {
			if a.Status == status {
				return a
			}
		}
		if a.Status < 500 && a.Status != 409 {
			t.Fatalf("%s: %d %s", what, a.Status, a.Body)
		}
	}
	t.Fatalf("%s never worked", what)
	return answer{}
}
