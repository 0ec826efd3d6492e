package verification_test

import (
	"slices"
	"testing"
	"time"

	"realname/shared/realname"
)

// A session that its workflow left behind is closed, and a workflow that still
// waits hears that it need not; when it cannot hear, the session is closed all
// the same.
func TestRepairEndsTheWaitOfASessionThatItCloses(t *testing.T) {
	for _, lost := range []bool{false, true} {
		b := newBench(t)
		id := b.Begin(realname.ICCard)
		b.Advance(2 * time.Second)
		if done, err := b.Repair(t.Context()); err != nil || done.Signalled != 1 {
			t.Fatalf("%+v %v", done, err)
		}
		b.Advance(b.Limits.SessionTimeout)
		b.Lost = lost
		if done, err := b.Repair(t.Context()); err != nil || done.Finished != 1 {
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

// A session is given up while its workflow has not heard that the step before
// passed. It ends where it is; and it is told again until it has finished, since
// it may have been on its way to the next step.
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
		t.Error("nobody would tell it again")
	}
	if status, err := b.Finish(t.Context(), id); err != nil || status != realname.Canceled || b.SessionOf(id).Signal != nil {
		t.Errorf("finished as %s, %v, signal %v", status, err, b.SessionOf(id).Signal)
	}
}
