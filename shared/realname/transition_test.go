package realname

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var t0 = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)

func newSession(m Method) Session {
	s, _ := NewSession(
		"s1", Account{ID: "a1"}, Enterprise{USCC: "9113000034801880XB", Name: "企业"}, m, "v",
		DefaultLimits(), t0,
	)
	return s
}

func passed(step StepName) StepDecided {
	e := StepDecided{Step: step, Passed: true, By: ByIDCard}
	if step == StepEnterprise {
		e.Enterprise, e.Subject = SessionEnterprise{"企业", "9113000034801880XB"}, "sealed"
	}
	return e
}

func missed(step StepName) StepDecided {
	return StepDecided{Step: step, Charged: true, Code: CodeEnterpriseMismatch}
}

// after applies events that must all be accepted.
func after(t *testing.T, s Session, events ...Event) Session {
	t.Helper()
	for _, e := range events {
		var err error
		if s, _, err = Next(s, e, DefaultLimits(), t0); err != nil {
			t.Fatalf("%T: %v", e, err)
		}
	}
	return s
}

func kinds(effects []Effect) []string {
	names := []string{}
	for _, e := range effects {
		switch e := e.(type) {
		case Announce:
			names = append(names, "announce "+string(e.Type))
		case PassAspect:
			names = append(names, "pass "+string(e.Aspect))
		case Audit:
			names = append(names, "audit "+string(e.Action))
		default:
			names = append(names, fmt.Sprintf("%T", e)[len("realname."):])
		}
	}
	return names
}

func TestNext(t *testing.T) {
	closing := []string{"NoteCloser", "announce SessionClosed", "audit session_closed"}
	with := func(first ...string) []string { return append(first, closing...) }
	fourMisses := []Event{missed(StepEnterprise), missed(StepEnterprise), missed(StepEnterprise), missed(StepEnterprise)}
	threePassed := []Event{passed(StepEnterprise), passed(StepLegalRepresentative), passed(StepAccountHolder)}
	for _, tt := range []struct {
		name    string
		method  Method
		before  []Event
		event   Event
		at      time.Time
		want    Status
		signal  SignalKind
		effects []string
		refused Code
	}{
		{
			"a passed step opens the next", LegalRepresentative, nil, passed(StepEnterprise), t0, RequiresInput,
			SignalPassed,
			[]string{"RecordAttempt"},
			"",
		},
		{
			"the last passed step leaves the closing to finish", LegalRepresentative, threePassed[:2],
			passed(StepAccountHolder), t0, Processing, SignalPassed,
			[]string{"RecordAttempt"},
			"",
		},
		{
			"a failed try leaves the step open", LegalRepresentative, nil, missed(StepEnterprise), t0, RequiresInput,
			SignalStart,
			[]string{"RecordAttempt", "CountFailedTry"},
			"",
		},
		{
			"an uncharged refusal costs nothing", LegalRepresentative, nil,
			StepDecided{Step: StepEnterprise, Code: CodeEnterpriseUncovered},
			t0, RequiresInput, SignalStart,
			[]string{"RecordAttempt"},
			"",
		},
		{
			"the fifth failed try closes", LegalRepresentative, fourMisses, missed(StepEnterprise), t0, Failed,
			SignalEnded, with("RecordAttempt", "CountFailedTry"), "",
		},
		{
			"a step out of order is refused", LegalRepresentative, nil, passed(StepAccountHolder), t0, RequiresInput,
			SignalStart,
			[]string{},
			CodeStepNotOpen,
		},
		{
			"a step of another method is refused", BankUKey, nil, passed(StepEnterprise), t0, RequiresInput,
			SignalStart,
			[]string{},
			CodeStepNotOpen,
		},
		{
			"a passed step is not passed twice", LegalRepresentative, threePassed[:1], passed(StepEnterprise), t0,
			RequiresInput, SignalPassed,
			[]string{},
			CodeStepNotOpen,
		},
		{
			"an answer at the deadline is late", LegalRepresentative, nil, passed(StepEnterprise),
			t0.Add(30 * time.Minute), Expired, SignalStart,
			[]string{},
			CodeStepNotOpen,
		},
		{
			"an answer a moment before is not", LegalRepresentative, nil, passed(StepEnterprise),
			t0.Add(30*time.Minute - 1), RequiresInput, SignalPassed,
			[]string{"RecordAttempt"},
			"",
		},
		{"cancel closes", LegalRepresentative, threePassed[:1], CanceledByUser{}, t0, Canceled, SignalEnded, closing, ""},
		{
			"cancel twice is cancel", LegalRepresentative,
			[]Event{CanceledByUser{}},
			CanceledByUser{},
			t0, Canceled,
			SignalEnded,
			[]string{},
			"",
		},
		{
			"cancel after the deadline leaves it expired", LegalRepresentative, threePassed[:1],
			CanceledByUser{},
			t0.Add(24 * time.Hour), Expired, SignalEnded, closing, "",
		},
		{
			"an extension changes no status", LegalRepresentative, threePassed[:1],
			StepExtended{},
			t0.Add(30*time.Minute - 1), RequiresInput, SignalPassed,
			[]string{},
			"",
		},
		{
			"an extension at the deadline is late", LegalRepresentative, nil,
			StepExtended{},
			t0.Add(30 * time.Minute), Expired, SignalStart,
			[]string{},
			CodeStepNotOpen,
		},
		{
			"a session that waits for its verdict is not extended", LegalRepresentative, threePassed,
			StepExtended{},
			t0, Processing, SignalPassed,
			[]string{},
			CodeStepNotOpen,
		},
		{
			"a closed session is not extended", LegalRepresentative,
			[]Event{CanceledByUser{}},
			StepExtended{},
			t0, Canceled, SignalEnded,
			[]string{},
			CodeSessionClosed,
		},
		{
			"a passed deadline closes", LegalRepresentative, threePassed[:1],
			DeadlinePassed{},
			t0.Add(30 * time.Minute), Expired, SignalEnded, closing, "",
		},
		{
			"no session is closed before its deadline", LegalRepresentative, threePassed[:1],
			DeadlinePassed{},
			t0.Add(30*time.Minute - 1), RequiresInput, SignalPassed,
			[]string{},
			"",
		},
		{
			"a session whose steps all passed has no deadline", LegalRepresentative, threePassed,
			DeadlinePassed{},
			t0.Add(48 * time.Hour), Processing, SignalPassed,
			[]string{},
			"",
		},
		{
			"a canceled session does not expire", LegalRepresentative,
			[]Event{CanceledByUser{}},
			DeadlinePassed{},
			t0.Add(48 * time.Hour), Canceled, SignalEnded,
			[]string{},
			"",
		},
		{
			"a session whose steps all passed is not canceled", LegalRepresentative, threePassed,
			CanceledByUser{},
			t0,
			Processing, SignalPassed,
			[]string{},
			CodeSessionClosed,
		},
		{
			"the workflow's end with all steps passed verifies, however late", LegalRepresentative, threePassed,
			WorkflowEnded{},
			t0.Add(48 * time.Hour), Verified, "",
			with(
				"AdoptEnterprise", "pass enterprise", "pass holder", "announce EnterpriseVerified",
				"announce HolderVerified",
			), "",
		},
		{
			"a bank session verifies the enterprise only", BankUKey,
			[]Event{passed(StepBank)},
			WorkflowEnded{},
			t0,
			Verified, "", with("pass enterprise", "announce EnterpriseVerified"), "",
		},
		{
			"a holder session verifies the holder only", AccountHolder,
			[]Event{passed(StepAccountHolder)},
			WorkflowEnded{},
			t0, Verified, "", with("pass holder", "announce HolderVerified"), "",
		},
		{
			"the workflow's end with a step missing never verifies", LegalRepresentative, threePassed[:2],
			WorkflowEnded{},
			t0, Expired, "", closing, "",
		},
		{
			"the workflow's end of a canceled session changes nothing", LegalRepresentative,
			[]Event{CanceledByUser{}},
			WorkflowEnded{},
			t0, Canceled, "",
			[]string{},
			"",
		},
		{
			"a delivered signal is forgotten", LegalRepresentative, nil,
			SignalDelivered{},
			t0, RequiresInput, "",
			[]string{},
			"",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := after(t, newSession(tt.method), tt.before...)
			n, effects, err := Next(s, tt.event, DefaultLimits(), tt.at)
			if CodeOf(err) != tt.refused {
				t.Fatalf("error %v, want %q", err, tt.refused)
			}
			if got := n.Status(tt.at); got != tt.want {
				t.Errorf("status %s, want %s", got, tt.want)
			}
			var signal SignalKind
			if n.Signal != nil {
				signal = n.Signal.Kind
			}
			if signal != tt.signal {
				t.Errorf("signal %q, want %q", signal, tt.signal)
			}
			if got := kinds(effects); !slices.Equal(got, tt.effects) {
				t.Errorf("effects %v, want %v", got, tt.effects)
			}
			if tt.refused != "" && fmt.Sprintf("%+v", n) != fmt.Sprintf("%+v", s) {
				t.Error("a refused event changed the session")
			}
		})
	}
}

func TestRandomWalkNeverReachesAForbiddenState(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := DefaultLimits()
		m := rapid.SampledFrom(Methods()).Draw(t, "method")
		s, now := newSession(m), t0
		steps := []StepName{StepEnterprise, StepLegalRepresentative, StepAccountHolder, StepBank, StepCard}
		passes := map[StepName]int{}
		var closings, failedTries int
		for range rapid.IntRange(1, 40).Draw(t, "length") {
			now = now.Add(time.Duration(rapid.IntRange(0, 20).Draw(t, "minutes")) * time.Minute)
			var e Event
			switch rapid.IntRange(0, 11).Draw(t, "event") {
			case 0:
				e = CanceledByUser{}
			case 1:
				e = WorkflowEnded{}
			case 2:
				e = SignalDelivered{}
			case 10:
				e = StepExtended{}
			case 11:
				e = DeadlinePassed{}
			case 3, 4, 5:
				e = missed(rapid.SampledFrom(steps).Draw(t, "step"))
			default:
				e = passed(rapid.SampledFrom(steps).Draw(t, "step"))
			}
			before := fmt.Sprintf("%+v", s)
			n, effects, err := Next(s, e, l, now)
			if fmt.Sprintf("%+v", s) != before {
				t.Fatal("the given session was changed")
			}
			if err != nil && (fmt.Sprintf("%+v", n) != before || len(effects) > 0) {
				t.Fatal("a refused event had an effect")
			}
			if d, ok := e.(StepDecided); ok && err == nil && d.Passed {
				passes[d.Step]++
			}
			if !s.Live() && n.Closed != s.Closed {
				t.Fatalf("a closed session became %q", n.Closed)
			}
			for _, kind := range kinds(effects) {
				switch kind {
				case "NoteCloser":
					closings++
				case "CountFailedTry":
					failedTries++
				}
			}
			s = n
			allowed(t, s, passes, closings, failedTries)
		}
	})
}

func allowed(t *rapid.T, s Session, passes map[StepName]int, closings, failedTries int) {
	want := 0
	if !s.Live() {
		want = 1
		if s.Subject != "" || s.ClosedAt.IsZero() {
			t.Fatal("a closed session keeps personal data or no time")
		}
	}
	if closings != want {
		t.Fatalf("the lock was released %d times while the session is %q", closings, s.Closed)
	}
	open, tries := false, 0
	for _, st := range s.Steps {
		if open && st.Outcome == StepPassed {
			t.Fatalf("%s passed before the steps before it", st.Name)
		}
		open = open || st.Outcome != StepPassed
		if (st.Outcome == StepPassed) != (passes[st.Name] == 1) || passes[st.Name] > 1 {
			t.Fatalf("%s is %s after %d passes", st.Name, st.Outcome, passes[st.Name])
		}
		if st.FailedTries > s.TriesPerStep || (st.FailedTries == s.TriesPerStep) != (st.Outcome == StepFailed) {
			t.Fatalf("%s is %s after %d failed tries", st.Name, st.Outcome, st.FailedTries)
		}
		tries += st.FailedTries
	}
	if tries != failedTries {
		t.Fatalf("%d failed tries on the steps, %d counted", tries, failedTries)
	}
	if s.Closed == Verified && open {
		t.Fatal("verified with a step missing")
	}
	if s.Closed == Expired && !open || s.Closed == Canceled && !open {
		t.Fatal("a session whose steps all passed was taken away")
	}
}
