package realname_test

import (
	"context"
	"errors"
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

// Both submissions are held inside the registry's check until the other is there.
func TestOfTwoSubmissionsAtOnceOneIsDecided(t *testing.T) {
	b := newBench(t)
	id := b.begin(realname.LegalRepresentative)
	arrived, release := make(chan struct{}), make(chan struct{})
	b.registry = func(context.Context) (realname.CheckResult, error) {
		arrived <- struct{}{}
		<-release
		return realname.CheckResult{Outcome: realname.Mismatch}, nil
	}
	results := make(chan error, 2)
	for range 2 {
		go func() { results <- b.submit(id) }()
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
	st, _ := b.session(id).Step(realname.StepEnterprise)
	if conflicts != 1 || st.FailedTries != 1 {
		t.Errorf("%d conflicts and %d tries charged, want 1 and 1", conflicts, st.FailedTries)
	}
}

func TestADecisionStandsWhenRepairWroteInBetween(t *testing.T) {
	b := newBench(t)
	id := b.begin(realname.LegalRepresentative)
	b.advance(5 * time.Second)
	checks := 0
	b.registry = func(ctx context.Context) (realname.CheckResult, error) {
		checks++
		before := b.session(id).Version
		if _, err := b.Repair(ctx); err != nil {
			t.Error(err)
		}
		if b.session(id).Version == before {
			t.Error("repair wrote nothing, so this test shows nothing")
		}
		return realname.CheckResult{Outcome: realname.Match}, nil
	}
	if err := b.submit(id); err != nil {
		t.Fatal(err)
	}
	if st, _ := b.session(id).Step(realname.StepEnterprise); st.Outcome != realname.StepPassed || checks != 1 {
		t.Errorf("step %s after %d checks", st.Outcome, checks)
	}
}

func TestADecisionIsRefusedWhenItsSessionWasCancelledInBetween(t *testing.T) {
	b := newBench(t)
	id := b.begin(realname.LegalRepresentative)
	b.registry = func(ctx context.Context) (realname.CheckResult, error) {
		if _, err := b.Cancel(ctx, b.caller(), id); err != nil {
			t.Error(err)
		}
		return realname.CheckResult{Outcome: realname.Match}, nil
	}
	wantCode(t, b.submit(id), realname.CodeConflict)
	s := b.session(id)
	if st, _ := s.Step(realname.StepEnterprise); s.Closed != realname.Canceled || st.Outcome != realname.StepPending || s.Subject != "" {
		t.Errorf("session %s, step %s, subject kept: %v", s.Closed, st.Outcome, s.Subject != "")
	}
}

func TestADecisionIsRefusedWhenTheDeadlinePassedDuringItsCheck(t *testing.T) {
	b := newBench(t)
	id := b.begin(realname.LegalRepresentative)
	b.registry = func(context.Context) (realname.CheckResult, error) {
		b.advance(b.Limits.StepTimeout)
		return realname.CheckResult{Outcome: realname.Match}, nil
	}
	wantCode(t, b.submit(id), realname.CodeStepNotOpen)
}

func TestACheckWithoutAnswerWritesNothing(t *testing.T) {
	b := newBench(t)
	id := b.begin(realname.LegalRepresentative)
	before := b.session(id)
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
		b.registry = answer
		wantCode(t, b.submit(id), realname.CodeUnavailable)
		if after := b.session(id); after.Version != before.Version {
			t.Errorf("%s: the session was written", name)
		}
	}
}

func TestALostSignalIsSentAgainByTheNextSubmissionAndByRepair(t *testing.T) {
	for _, way := range []string{"submission", "repair"} {
		b := newBench(t)
		b.lost = true
		id := b.begin(realname.LegalRepresentative)
		b.lost = false
		b.advance(2 * time.Second)
		if way == "repair" {
			if done, err := b.Repair(t.Context()); err != nil || done.Signalled != 1 {
				t.Fatalf("%+v %v", done, err)
			}
		}
		if err := b.submit(id); err != nil {
			t.Fatalf("%s: %v", way, err)
		}
		if len(b.signals) != 2 || b.signals[0] != "start" || b.signals[1] != "passed" {
			t.Errorf("%s: signals %v", way, b.signals)
		}
	}
}

func TestAStepThatStaysShutIsRefusedAfterTheWait(t *testing.T) {
	b := newBench(t)
	b.lost = true
	id := b.begin(realname.LegalRepresentative)
	wantCode(t, b.submit(id), realname.CodeStepNotOpen)
}

func TestAMessageThatDidNotGoOutIsNotCounted(t *testing.T) {
	b := newBench(t)
	id := b.begin(realname.LegalRepresentative)
	if err := b.submit(id); err != nil {
		t.Fatal(err)
	}
	ask := func() error {
		_, err := b.askCode(id)
		return err
	}
	b.sms = func() error { return errors.New("no route") }
	for range b.Limits.SMSPerNumberPerDay + 1 {
		wantCode(t, ask(), realname.CodeUnavailable)
	}
	b.sms = func() error { return nil }
	if err := ask(); err != nil {
		t.Fatal(err)
	}
	wantCode(t, ask(), realname.CodeSMSLimit)
}
