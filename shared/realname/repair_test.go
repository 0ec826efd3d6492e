package realname_test

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
		id := b.begin(realname.ICCard)
		b.advance(2 * time.Second)
		if done, err := b.Repair(t.Context()); err != nil || done.Signalled != 1 {
			t.Fatalf("%+v %v", done, err)
		}
		b.advance(b.Limits.SessionTimeout)
		b.lost = lost
		if done, err := b.Repair(t.Context()); err != nil || done.Finished != 1 {
			t.Fatalf("%+v %v", done, err)
		}
		if s := b.session(id); s.Closed != realname.Expired {
			t.Errorf("%+v", s)
		}
		if heard := slices.Contains(b.signals, "ended"); heard == lost {
			t.Errorf("lost %v, and heard %v", lost, b.signals)
		}
	}
}

// A session is given up while its workflow has not heard that the step before
// passed. It ends where it is; and it is told again until it has finished, since
// it may have been on its way to the next step.
func TestAnEndReachesAWorkflowThatIsBehind(t *testing.T) {
	b := newBench(t)
	id := b.begin(realname.LegalRepresentative)
	b.lost = true
	if err := b.submit(id); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Cancel(t.Context(), b.caller(), id); err != nil {
		t.Fatal(err)
	}
	b.lost = false
	for range 2 {
		b.advance(2 * time.Second)
		if _, err := b.Repair(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(b.signals, []string{"start", "ended", "ended"}) {
		t.Errorf("the workflow heard %v", b.signals)
	}
	if s := b.session(id); s.Signal == nil {
		t.Error("nobody would tell it again")
	}
	if status, err := b.Finish(t.Context(), id); err != nil || status != realname.Canceled || b.session(id).Signal != nil {
		t.Errorf("finished as %s, %v, signal %v", status, err, b.session(id).Signal)
	}
}
