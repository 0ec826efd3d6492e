package server

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"realname/local/engine"
	"realname/shared/table"
)

// While a stage of version 1.0 is updated, a function of each version may start the same
// session: one on the former state machine, one on the method's own, where the name is
// not taken. The session goes through its steps all the same, and both executions end.
func TestASessionWithTwoExecutionsIsVerified(t *testing.T) {
	for passed := range 2 { // no start is sent again after the second decision
		s := demo(t, func(o *Options) { o.Limits.SessionTimeout = 2 * time.Second })
		status, id, _ := s.call(t, "sessions", "POST", "/v1/sessions",
			`{"method":"legal_representative","consentVersion":"2026-12-755e1e5a"}`)
		if status != 201 {
			t.Fatal(status)
		}
		for i, step := range passingSteps {
			s.opened(t, id, step.name)
			if i == passed {
				input := fmt.Appendf(nil, `{"sessionId":%q,"method":"legal_representative","requestId":"r1"}`, id)
				if err := s.engine.Start(t.Context(), "again-"+id, input); err != nil {
					t.Fatal(err)
				}
				s.waits(t, "again-"+id) // in the step that it begins with
			}
			if status, _, _ := s.call(t, step.function, "POST", "/v1/sessions/"+id+"/"+step.function, step.body); status != 200 {
				t.Errorf("start again after %d steps: %s: %d", passed, step.name, status)
			}
		}
		ended := func(name string) bool {
			x, err := s.engine.Describe(name)
			if err != nil || x.Status != engine.Running && x.Status != engine.Succeeded {
				t.Fatalf("%s: %s %s %v", name, x.Status, x.Error, err)
			}
			return x.Status == engine.Succeeded
		}
		for end := time.Now().Add(5 * time.Second); !ended(id) || !ended("again-"+id); time.Sleep(20 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("start again after %d steps: an execution does not end", passed)
			}
		}
		items, err := s.table.Get(t.Context(), table.Key{PK: "SESSION#" + id, SK: "STATE"})
		if err != nil || len(items) != 1 || items[0].Body["closed"] != "verified" {
			t.Errorf("start again after %d steps: %v %v", passed, items, err)
		}
	}
}

// waits waits until an execution has opened a step.
func (s *Server) waits(t *testing.T, execution string) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		events, err := s.engine.History(execution)
		if err != nil {
			t.Fatal(err)
		}
		if slices.ContainsFunc(events, func(e engine.Event) bool { return e.Type == "TaskSubmitted" }) {
			return
		}
	}
	t.Fatalf("%s opens no step", execution)
}
