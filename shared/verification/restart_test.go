package verification_test

import (
	"slices"
	"testing"

	"realname/shared/realname"
	"realname/shared/verification"
)

// The first request may have died between commit and start.
func TestARepeatedStartTellsTheWorkflowAgain(t *testing.T) {
	start := func(b *bench) string {
		t.Helper()
		reply, err := b.start(func(r *verification.StartRequest) { r.Idempotency = key })
		if err != nil {
			t.Fatal(err)
		}
		return string(reply.Body)
	}
	b := newCardBench(t)
	b.Lost = true
	id := start(b)
	b.Lost = false
	if again := start(b); again != id || !slices.Equal(b.Signals, []string{"start"}) {
		t.Errorf("%s, then %s; the workflow heard %v", id, again, b.Signals)
	}
	b.rewrite(id, func(s *realname.Session) { s.Signal = nil })
	if start(b); len(b.Signals) != 1 {
		t.Errorf("a workflow that knows heard %v", b.Signals)
	}
	if _, err := b.Cancel(t.Context(), b.Caller(), id); err != nil {
		t.Fatal(err)
	}
	heard := len(b.Signals)
	if start(b); len(b.Signals) != heard {
		t.Errorf("the workflow of a canceled session heard %v", b.Signals)
	}
}
