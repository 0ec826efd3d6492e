package verification_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"realname/shared/realname"
	"realname/shared/verification"
)

func TestAnExtendedStepTakesAnswersUntilItsNewDeadline(t *testing.T) {
	b := newBench(t)
	id := b.Begin(realname.LegalRepresentative)
	begun := b.Clock()
	b.Advance(b.Limits.StepTimeout - time.Minute)
	for range 2 { // asking again changes nothing
		s, err := b.Extend(t.Context(), b.Caller(), id)
		if err != nil || !s.Deadline().Equal(begun.Add(2*b.Limits.StepTimeout-time.Minute)) {
			t.Fatalf("due %v, %v", s.Deadline(), err)
		}
	}
	b.Advance(b.Limits.StepTimeout - time.Second)
	if done, err := b.Repair(t.Context()); err != nil || done.Expired != 0 {
		t.Fatalf("%+v, %v", done, err)
	}
	if err := b.Submit(id); err != nil {
		t.Fatal(err)
	}
}

func TestNoStepIsExtendedBeyondItsSession(t *testing.T) {
	b := newBench(t)
	id := b.Begin(realname.ICCard)
	end := b.Clock().Add(b.Limits.SessionTimeout)
	extensions := 0
	for b.Clock().Before(end.Add(-20 * time.Minute)) {
		b.Advance(20 * time.Minute)
		s, err := b.Extend(t.Context(), b.Caller(), id)
		if err != nil || s.Deadline().After(end) {
			t.Fatalf("due %v of %v, %v", s.Deadline(), end, err)
		}
		extensions++
	}
	if s := b.SessionOf(id); extensions < 10 || !s.Deadline().Equal(end) {
		t.Errorf("%d extensions, due %v of %v", extensions, s.Deadline(), end)
	}
	before := b.SessionOf(id).Version
	if _, err := b.Extend(t.Context(), b.Caller(), id); err != nil || b.SessionOf(id).Version != before {
		t.Errorf("an extension without effect was written, or refused: %v", err)
	}
	b.Advance(20 * time.Minute)
	_, err := b.Extend(t.Context(), b.Caller(), id)
	wantCode(t, err, realname.CodeStepNotOpen)
}

func TestAnExtensionNeedsAnOpenSessionOfOnesOwn(t *testing.T) {
	b := newBench(t)
	id := b.Begin(realname.LegalRepresentative)
	stranger := b.Caller()
	stranger.AccountID = "account-2"
	_, err := b.Extend(t.Context(), stranger, id)
	wantCode(t, err, realname.CodeNotFound)
	_, err = b.Extend(t.Context(), b.Caller(), "id-unknown")
	wantCode(t, err, realname.CodeNotFound)
	if _, err := b.Cancel(t.Context(), b.Caller(), id); err != nil {
		t.Fatal(err)
	}
	_, err = b.Extend(t.Context(), b.Caller(), id)
	wantCode(t, err, realname.CodeSessionClosed)
}

// An answer and an extension write the same session. The later one is decided again, so
// that neither loses the other.
func TestAnExtensionDuringACheckLosesNothing(t *testing.T) {
	b := newBench(t)
	id := b.Begin(realname.LegalRepresentative)
	b.Advance(10 * time.Minute)
	b.RegistryAnswers = func(ctx context.Context) (realname.CheckResult, error) {
		_, err := b.Extend(ctx, b.Caller(), id)
		return realname.CheckResult{Outcome: realname.Match, Provider: "test"}, err
	}
	if err := b.Submit(id); err != nil {
		t.Fatal(err)
	}
	if st, _ := b.SessionOf(id).Step(realname.StepEnterprise); st.Outcome != realname.StepPassed {
		t.Errorf("%+v", st)
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, err := b.Extend(t.Context(), b.Caller(), id); err != nil && realname.CodeOf(err) != realname.CodeConflict {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

// The first who looks at a session after its deadline closes it, so that its owner need
// not wait for repair.
func TestASessionPastItsDeadlineIsClosedByTheNextRead(t *testing.T) {
	b := newBench(t)
	id := b.Begin(realname.LegalRepresentative)
	b.Advance(b.Limits.StepTimeout)
	view, err := b.Session(t.Context(), b.Caller(), id)
	if err != nil || view.Session.Closed != realname.Expired || !view.Session.ClosedAt.Equal(b.Clock()) {
		t.Fatalf("%+v, %v", view.Session, err)
	}
	if again := b.Begin(realname.LegalRepresentative); again == id {
		t.Error("the closed session bars another")
	}
	version := view.Session.Version
	if view, err := b.Session(t.Context(), b.Caller(), id); err != nil || view.Session.Version != version {
		t.Errorf("a closed session was written: %+v, %v", view.Session, err)
	}
}

// A signal that no workflow took does not keep a session open beyond its deadline. Repair
// leaves a margin for clocks that disagree.
func TestRepairClosesPastTheDeadlineWhateverTheSignal(t *testing.T) {
	b := newBench(t)
	b.Lost = true
	id := b.Begin(realname.ICCard)
	b.Advance(b.Limits.StepTimeout)
	if done, _ := b.Repair(t.Context()); done.Expired != 0 {
		t.Errorf("%+v", done)
	}
	b.Advance(b.RepairAfter)
	if done, err := b.Repair(t.Context()); err != nil || done.Expired != 1 {
		t.Fatalf("%+v, %v", done, err)
	}
	if s := b.SessionOf(id); s.Closed != realname.Expired || s.Signal.Kind != realname.SignalEnded {
		t.Errorf("%+v", s)
	}
}

// A session that is listed for Repair before its deadline, because it was extended, is left
// to its workflow for a while after the deadline, like any other.
func TestRepairLeavesAnExtendedSessionToItsWorkflow(t *testing.T) {
	b := newBench(t)
	b.RepairAfter = time.Minute
	b.Limits.SessionTimeout = b.Limits.StepTimeout + b.RepairAfter/2
	id := b.Begin(realname.ICCard)
	b.Advance(b.Limits.StepTimeout - time.Second)
	if done, err := b.Repair(t.Context()); err != nil || done.Looked != 1 { // of the start's signal
		t.Fatalf("%+v, %v", done, err)
	}
	if _, err := b.Extend(t.Context(), b.Caller(), id); err != nil {
		t.Fatal(err)
	}
	b.Advance(b.RepairAfter + 2*time.Second) // after the former deadline, and half of it after the new one
	if done, err := b.Repair(t.Context()); err != nil || done != (verification.Repaired{Looked: 1}) {
		t.Errorf("%+v, %v", done, err)
	}
	b.Advance(b.RepairAfter)
	if done, err := b.Repair(t.Context()); err != nil || done.Expired != 1 {
		t.Errorf("%+v, %v", done, err)
	}
}
