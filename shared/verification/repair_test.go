package verification_test

import (
	"slices"
	"testing"
	"time"

	"realname/shared/realname"
)

// Repair closes a session whose deadline has passed, and ends the workflow's wait. It
// closes the session even if the workflow cannot be reached.
func TestRepairEndsTheWaitOfASessionThatItCloses(t *testing.T) {
	for _, lost := range []bool{false, true} {
		b := newBench(t)
		id := b.Begin(realname.ICCard)
		b.Advance(2 * time.Second)
		done, err := b.Repair(t.Context())
		if signals := done.Signalled; err != nil || signals != 1 { //nolint:misspell // see Repaired
			t.Fatalf("%+v %v", done, err)
		}
		b.Advance(b.Limits.StepTimeout)
		b.Lost = lost
		if done, err := b.Repair(t.Context()); err != nil || done.Expired != 1 {
			t.Fatalf("%+v %v", done, err)
		}
		if s := b.SessionOf(id); s.Closed != realname.Expired {
			t.Errorf("%+v", s)
		}
		if heard := slices.Contains(b.Signals, "ended"); heard == lost {
			t.Errorf("lost %v, and heard %v", lost, b.Signals)
		}
	}
}

// A session is canceled while its workflow does not know yet that the previous step
// passed. The workflow ends at its current step. Repair repeats the signal until the
// workflow has finished, because it may have moved on to the next step.
func TestAnEndReachesAWorkflowThatIsBehind(t *testing.T) {
	b := newBench(t)
	id := b.Begin(realname.LegalRepresentative)
	b.Lost = true
	if err := b.Submit(id); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Cancel(t.Context(), b.Caller(), id); err != nil {
		t.Fatal(err)
	}
	b.Lost = false
	for range 2 {
		b.Advance(2 * time.Second)
		if _, err := b.Repair(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(b.Signals, []string{"start", "ended", "ended"}) {
		t.Errorf("the workflow heard %v", b.Signals)
	}
	if s := b.SessionOf(id); s.Signal == nil {
		t.Error("the signal is gone before the workflow has finished")
	}
	if status, err := b.Finish(t.Context(), id); err != nil || status != realname.Canceled ||
		b.SessionOf(id).Signal != nil {
		t.Errorf("finished as %s, %v, signal %v", status, err, b.SessionOf(id).Signal)
	}
	finished := b.SessionOf(id).Version
	status, err := b.Finish(t.Context(), id) // the workflow repeats its last task
	if err != nil || status != realname.Canceled || b.SessionOf(id).Version != finished {
		t.Errorf("finished again as %s, %v, version %d after %d", status, err, b.SessionOf(id).Version, finished)
	}
}
