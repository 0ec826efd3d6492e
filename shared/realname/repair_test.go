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
