package verification_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"realname/shared/realname"
)

func wantCode(t *testing.T, err error, want realname.Code) {
	t.Helper()
	var refused *realname.Error
	if !errors.As(err, &refused) || refused.Code != want {
		t.Fatalf("%v, want %s", err, want)
	}
}

// The registry's check holds each submission until the other one arrives.
func TestOfTwoSubmissionsAtOnceOneIsDecided(t *testing.T) {
	b := newBench(t)
	id := b.Begin(realname.LegalRepresentative)
	arrived, release := make(chan struct{}), make(chan struct{})
	b.RegistryAnswers = func(context.Context) (realname.CheckResult, error) {
		arrived <- struct{}{}
		<-release
		return realname.CheckResult{Outcome: realname.Mismatch}, nil
	}
	results := make(chan error, 2)
	for range 2 {
		go func() { results <- b.Submit(id) }()
	}
	<-arrived
	<-arrived
	close(release)
	conflicts := 0
	for range 2 {
		if err := <-results; err != nil {
			wantCode(t, err, realname.CodeConflict)
			conflicts++
		}
	}
	st, _ := b.SessionOf(id).Step(realname.StepEnterprise)
	if conflicts != 1 || st.FailedTries != 1 {
		t.Errorf("%d conflicts and %d tries charged, want 1 and 1", conflicts, st.FailedTries)
	}
}

func TestADecisionStandsWhenRepairWroteInBetween(t *testing.T) {
	b := newBench(t)
	id := b.Begin(realname.LegalRepresentative)
	b.Advance(5 * time.Second)
	checks := 0
	b.RegistryAnswers = func(ctx context.Context) (realname.CheckResult, error) {
		checks++
		before := b.SessionOf(id).Version
		if _, err := b.Repair(ctx); err != nil {
			t.Error(err)
		}
		if b.SessionOf(id).Version == before {
			t.Error("repair wrote nothing, so this test shows nothing")
		}
		return realname.CheckResult{Outcome: realname.Match}, nil
	}
	if err := b.Submit(id); err != nil {
		t.Fatal(err)
	}
	if st, _ := b.SessionOf(id).Step(realname.StepEnterprise); st.Outcome != realname.StepPassed || checks != 1 {
		t.Errorf("step %s after %d checks", st.Outcome, checks)
	}
}

func TestADecisionIsRefusedWhenItsSessionWasCancelledInBetween(t *testing.T) {
	b := newBench(t)
	id := b.Begin(realname.LegalRepresentative)
	b.RegistryAnswers = func(ctx context.Context) (realname.CheckResult, error) {
		if _, err := b.Cancel(ctx, b.Caller(), id); err != nil {
			t.Error(err)
		}
		return realname.CheckResult{Outcome: realname.Match}, nil
	}
	wantCode(t, b.Submit(id), realname.CodeConflict)
	s := b.SessionOf(id)
	if st, _ := s.Step(realname.StepEnterprise); s.Closed != realname.Canceled ||
		st.Outcome != realname.StepPending || s.Subject != "" {
		t.Errorf("session %s, step %s, subject kept: %v", s.Closed, st.Outcome, s.Subject != "")
	}
}

func TestADecisionIsRefusedWhenTheDeadlinePassedDuringItsCheck(t *testing.T) {
	b := newBench(t)
	id := b.Begin(realname.LegalRepresentative)
	b.RegistryAnswers = func(context.Context) (realname.CheckResult, error) {
		b.Advance(b.Limits.StepTimeout)
		return realname.CheckResult{Outcome: realname.Match}, nil
	}
	wantCode(t, b.Submit(id), realname.CodeStepNotOpen)
}

func TestACheckWithoutAnswerWritesNothing(t *testing.T) {
	b := newBench(t)
	id := b.Begin(realname.LegalRepresentative)
	before := b.SessionOf(id)
	for name, answer := range map[string]func(context.Context) (realname.CheckResult, error){
		"error": func(context.Context) (realname.CheckResult, error) {
			return realname.CheckResult{}, errors.New("no route")
		},
		"unavailable": func(context.Context) (realname.CheckResult, error) {
			return realname.CheckResult{Outcome: realname.Unavailable}, nil
		},
		"limited": func(context.Context) (realname.CheckResult, error) {
			return realname.CheckResult{Outcome: realname.Limited}, nil
		},
	} {
		b.RegistryAnswers = answer
		wantCode(t, b.Submit(id), realname.CodeUnavailable)
		if after := b.SessionOf(id); after.Version != before.Version {
			t.Errorf("%s: the session was written", name)
		}
	}
}

func TestALostSignalIsSentAgainByTheNextSubmissionAndByRepair(t *testing.T) {
	for _, way := range []string{"submission", "repair"} {
		b := newBench(t)
		b.Lost = true
		id := b.Begin(realname.LegalRepresentative)
		b.Lost = false
		b.Advance(2 * time.Second)
		if way == "repair" {
			done, err := b.Repair(t.Context())
			if signals := done.Signalled; err != nil || signals != 1 { //nolint:misspell // see Repaired
				t.Fatalf("%+v %v", done, err)
			}
		}
		if err := b.Submit(id); err != nil {
			t.Fatalf("%s: %v", way, err)
		}
		if len(b.Signals) != 2 || b.Signals[0] != "start" || b.Signals[1] != "passed" {
			t.Errorf("%s: signals %v", way, b.Signals)
		}
	}
}

// The function that decided the step before can have a clock that is ahead.
func TestALostSignalOfAClockAheadIsSentAgain(t *testing.T) {
	b := newBench(t)
	b.Lost = true
	id := b.Begin(realname.LegalRepresentative)
	b.Lost = false
	b.rewrite(id, func(s *realname.Session) { s.Signal.Since = b.Clock().Add(10 * time.Minute) })
	if err := b.Submit(id); err != nil || !slices.Equal(b.Signals, []string{"start", "passed"}) {
		t.Errorf("signals %v, %v", b.Signals, err)
	}
}

// A workflow takes a moment to open the next step. Each signal costs a call.
func TestAStepThatOpensMeanwhileGetsNoSecondSignal(t *testing.T) {
	b := newBench(t)
	b.Lost = true
	id := b.Begin(realname.LegalRepresentative)
	b.Lost = false
	wait := b.Wait
	b.Wait = func(ctx context.Context, d time.Duration) error {
		b.opens(id, realname.StepEnterprise)
		return wait(ctx, d)
	}
	if err := b.Submit(id); err != nil || !slices.Equal(b.Signals, []string{"passed"}) {
		t.Errorf("signals %v, %v", b.Signals, err)
	}
}

// slowWorkflow takes the start and opens no step.
type slowWorkflow struct {
	realname.Workflow
	starts int
	lost   int // the first starts that are lost
}

func (w *slowWorkflow) Start(context.Context, realname.Execution) error {
	if w.starts++; w.starts <= w.lost {
		return errors.New("throttled")
	}
	return nil
}

func TestASignalIsSentAgainUntilTheWorkflowTakesIt(t *testing.T) {
	b := newBench(t)
	b.Lost = true
	id := b.Begin(realname.LegalRepresentative)
	w := &slowWorkflow{Workflow: b.Workflow, lost: 2}
	b.Workflow = w
	wantCode(t, b.Submit(id), realname.CodeStepNotOpen)
	if w.starts != 3 {
		t.Errorf("%d starts, want 2 that are lost and 1", w.starts)
	}
}

func TestAStepThatStaysShutIsRefusedAfterTheWait(t *testing.T) {
	b := newBench(t)
	b.Lost = true
	id := b.Begin(realname.LegalRepresentative)
	wantCode(t, b.Submit(id), realname.CodeStepNotOpen)
}

func TestAMessageThatDidNotGoOutIsNotCounted(t *testing.T) {
	b := newBench(t)
	id := b.Begin(realname.LegalRepresentative)
	if err := b.Submit(id); err != nil {
		t.Fatal(err)
	}
	ask := func() error {
		_, err := b.AskCode(id)
		return err
	}
	b.SMSAnswers = func() error { return errors.New("no route") }
	for range b.Limits.SMSPerNumberPerDay + 1 {
		wantCode(t, ask(), realname.CodeUnavailable)
	}
	b.SMSAnswers = func() error { return nil }
	if err := ask(); err != nil {
		t.Fatal(err)
	}
	wantCode(t, ask(), realname.CodeSMSLimit)
}
