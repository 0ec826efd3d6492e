package realname

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

func TestASessionStartsWithItsDeadlinesAndSteps(t *testing.T) {
	e := Enterprise{USCC: "U", Name: "N", Changes: 7}
	s, effects := NewSession("s1", Account{ID: "a1"}, e, LegalRepresentative, "v", DefaultLimits(), t0)
	if !s.StepDue.Equal(t0.Add(30*time.Minute)) || !s.ExpiresAt.Equal(t0.Add(24*time.Hour)) {
		t.Errorf("due %v, expires %v", s.StepDue, s.ExpiresAt)
	}
	if s.TriesPerStep != 5 || s.Ground.Enterprise != 7 || len(s.Steps) != 3 || s.Signal.Kind != SignalStart {
		t.Errorf("%+v", s)
	}
	if got := kinds(effects); !slices.Equal(got, []string{"audit session_started"}) {
		t.Errorf("got %v", got)
	}
	for _, st := range s.Steps {
		if st.Outcome != StepPending || s.TriesLeft(st) != 5 {
			t.Errorf("%+v", st)
		}
	}
	if got := s.TriesLeft(Step{FailedTries: 6}); got != 0 {
		t.Errorf("%d tries left of a step with six failed ones", got)
	}
	if st, ok := s.Step("other"); ok || st.Name != "" {
		t.Errorf("%+v", st)
	}
}

func TestTheDeadlineIsTheEarlierOne(t *testing.T) {
	for name, c := range map[string]struct{ step, session, want time.Time }{
		"the step's":    {t0, t0.Add(1), t0},
		"the session's": {t0.Add(1), t0, t0},
		"both":          {t0, t0, t0},
		"without step":  {time.Time{}, t0, t0},
	} {
		s := newSession(BankUKey)
		s.StepDue, s.ExpiresAt = c.step, c.session
		if got := s.Deadline(); !got.Equal(c.want) {
			t.Errorf("%s: got %v", name, got)
		}
		if before, at := s.Status(c.want.Add(-1)), s.Status(c.want); before != RequiresInput || at != Expired {
			t.Errorf("%s: %s a moment before, %s at the deadline", name, before, at)
		}
	}
}

func TestTheLatestTenAnswersAreKept(t *testing.T) {
	s := newSession(LegalRepresentative)
	if got := s.withAnswer(nil).Answers; len(got) != 0 {
		t.Errorf("got %v", got)
	}
	for n := 1; n <= 12; n++ {
		s = s.withAnswer(&Answered{Index: fmt.Sprint(n)})
		got := s.Answers
		first, last := got[0].Index, got[len(got)-1].Index
		if len(got) != min(n, 10) || first != fmt.Sprint(max(1, n-9)) || last != fmt.Sprint(n) {
			t.Errorf("after %d: got %v", n, got)
		}
	}
}

func TestAFailedTryIsRememberedOnItsStep(t *testing.T) {
	answer := &Answered{Index: "i"}
	s := newSession(LegalRepresentative)
	for n := 1; n <= 5; n++ {
		event := missed(StepEnterprise)
		event.By, event.Answer, event.Hints = ByBankCard, answer, []Hint{HintValidityUnusual}
		next, effects, err := Next(s, event, DefaultLimits(), t0.Add(time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		st, _ := next.Step(StepEnterprise)
		if st.FailedTries != n || next.TriesLeft(st) != 5-n || st.By != ByBankCard || (st.Outcome == StepFailed) != (n == 5) {
			t.Errorf("after %d: %+v", n, st)
		}
		changed := next.ChangedAt.Equal(t0.Add(time.Minute))
		if next.LastError.Code != CodeEnterpriseMismatch || len(next.Hints) != 1 || !changed {
			t.Errorf("after %d: %+v", n, next)
		}
		attempt := effects[0].(RecordAttempt).Attempt
		if !attempt.Charged || attempt.Passed || attempt.Code != CodeEnterpriseMismatch {
			t.Errorf("after %d: %+v", n, attempt)
		}
		s = next
	}
	if _, _, err := Next(s, missed(StepEnterprise), DefaultLimits(), t0); CodeOf(err) != CodeAttemptsExhausted {
		t.Errorf("after the last: %v", err)
	}
}

func TestAPassedStepForgetsTheFailureAndOpensTheNext(t *testing.T) {
	s := after(t, newSession(LegalRepresentative), missed(StepEnterprise))
	event := passed(StepEnterprise)
	event.Charged = true
	n, effects, err := Next(s, event, DefaultLimits(), t0.Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	st, _ := n.Step(StepEnterprise)
	if n.LastError != nil || n.Subject != "sealed" || n.Enterprise != event.Enterprise {
		t.Errorf("%+v", n)
	}
	if !n.StepDue.Equal(t0.Add(31 * time.Minute)) {
		t.Errorf("the next step is due %v", n.StepDue)
	}
	if st.Outcome != StepPassed || st.By != ByIDCard || st.FailedTries != 1 || !st.DecidedAt.Equal(t0.Add(time.Minute)) {
		t.Errorf("%+v", st)
	}
	if effects[0].(RecordAttempt).Attempt.Charged {
		t.Error("a passed attempt is charged")
	}
	holder := passed(StepAccountHolder)
	holder.HolderChanges, holder.Enterprise, holder.Subject = 4, SessionEnterprise{Name: "other"}, "other"
	n = after(t, n, passed(StepLegalRepresentative))
	if n.Ground.Holder != 0 {
		t.Errorf("%+v", n.Ground)
	}
	if n = after(t, n, holder); n.Ground.Holder != 4 || n.Enterprise != event.Enterprise || n.Subject != "sealed" {
		t.Errorf("%+v", n)
	}
}

func TestACardRevokesTokensWhenItVerifies(t *testing.T) {
	want := []string{
		"pass enterprise", "RevokeTokens", "announce EnterpriseVerified",
		"NoteCloser", "announce SessionClosed", "audit session_closed",
	}
	_, effects, err := Next(after(t, newSession(ICCard), passed(StepCard)), WorkflowEnded{}, DefaultLimits(), t0)
	if got := kinds(effects); err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestAnUnknownEventIsAConflict(t *testing.T) {
	_, effects, err := Next(newSession(ICCard), nil, DefaultLimits(), t0)
	if CodeOf(err) != CodeConflict || effects != nil {
		t.Errorf("%v, %v", effects, err)
	}
	closed := after(t, newSession(ICCard), CanceledByUser{}, SignalDelivered{})
	for _, e := range []Event{SignalDelivered{}, WorkflowEnded{}, GroundChanged{}, CanceledByUser{}} {
		n, effects, err := Next(closed, e, DefaultLimits(), t0)
		if err != nil || effects != nil || n.Signal != nil || n.Closed != Canceled {
			t.Errorf("%T: %+v, %v, %v", e, n, effects, err)
		}
	}
	for _, as := range []Status{Verified, Failed, Expired} {
		closed.Closed = as
		if _, _, err := Next(closed, CanceledByUser{}, DefaultLimits(), t0); CodeOf(err) != CodeSessionClosed {
			t.Errorf("canceled when %s: %v", as, err)
		}
	}
}

func TestASessionWhoseGroundChangedIsCanceled(t *testing.T) {
	all := []Event{passed(StepEnterprise), passed(StepLegalRepresentative), passed(StepAccountHolder)}
	for name, c := range map[string]struct {
		before []Event
		signal bool
		step   StepName
	}{
		"with an open step": {all[:1], true, StepLegalRepresentative},
		"with none":         {all, false, StepAccountHolder},
	} {
		s := after(t, newSession(LegalRepresentative), c.before...)
		n, effects, err := Next(s, GroundChanged{}, DefaultLimits(), t0)
		if err != nil || n.Closed != Canceled || len(effects) != 3 || (n.Signal != nil) != c.signal {
			t.Errorf("%s: %+v, %v, %v", name, n, effects, err)
		}
		if n.LastError.Code != CodeInformationChanged || n.LastError.Step != c.step || c.signal && n.Signal.Step != c.step {
			t.Errorf("%s: %+v, %+v", name, n.LastError, n.Signal)
		}
	}
}

func TestASessionStandsOnWhatItBeganWith(t *testing.T) {
	account := Account{USCC: "U", HolderChanges: 2}
	enterprise := Enterprise{USCC: "U", Changes: 3}
	session := func(m Method, open bool) Session {
		s := Session{Method: m, Enterprise: SessionEnterprise{USCC: "U"}, Ground: Ground{Enterprise: 3, Holder: 2}}
		if open {
			s.Steps = []Step{{Outcome: StepPending}}
		}
		return s
	}
	for name, c := range map[string]struct {
		change     func(a *Account, e *Enterprise)
		enterprise bool // whether a session of the enterprise still stands
		holder     bool // whether a session of the holder does
	}{
		"unchanged":                    {func(*Account, *Enterprise) {}, true, true},
		"the account moved":            {func(a *Account, _ *Enterprise) { a.USCC = "V" }, false, true},
		"the enterprise's code":        {func(_ *Account, e *Enterprise) { e.USCC = "V" }, false, true},
		"the enterprise's information": {func(_ *Account, e *Enterprise) { e.Changes++ }, false, true},
		"the holder":                   {func(a *Account, _ *Enterprise) { a.HolderChanges++ }, true, false},
	} {
		a, e := account, enterprise
		c.change(&a, &e)
		for m, want := range map[Method]bool{
			BankUKey: c.enterprise, AccountHolder: c.holder, LegalRepresentative: c.enterprise && c.holder,
		} {
			if got := session(m, false).StandsOn(a, e); got != want {
				t.Errorf("%s, %s: got %v", name, m, got)
			}
			if !session(m, true).StandsOn(a, e) {
				t.Errorf("%s, %s: a session with an open step does not stand", name, m)
			}
		}
	}
}

func TestANoticeIsPendingUntilDeliveredOrGivenUp(t *testing.T) {
	for _, c := range []struct {
		notice Notice
		want   bool
	}{{Notice{}, true}, {Notice{Delivered: t0}, false}, {Notice{Dead: t0}, false}} {
		if got := c.notice.Pending(); got != c.want {
			t.Errorf("%+v: got %v", c.notice, got)
		}
	}
}

func TestAnExtensionGivesTheStepItsTimeAgainUntilTheSessionEnds(t *testing.T) {
	end := t0.Add(24 * time.Hour)
	for name, c := range map[string]struct{ due, at, want time.Time }{
		"late in the step":    {t0.Add(30 * time.Minute), t0.Add(29 * time.Minute), t0.Add(59 * time.Minute)},
		"in the same moment":  {t0.Add(30 * time.Minute), t0, t0.Add(30 * time.Minute)},
		"by a slower clock":   {t0.Add(30 * time.Minute), t0.Add(-time.Minute), t0.Add(30 * time.Minute)},
		"near the end":        {end.Add(-time.Minute), end.Add(-10 * time.Minute), end},
		"at the end":          {end, end.Add(-time.Second), end},
		"a due after the end": {end.Add(time.Minute), end.Add(-time.Second), end.Add(time.Minute)},
		"without a due":       {time.Time{}, t0, time.Time{}},
	} {
		s := newSession(LegalRepresentative)
		s.StepDue = c.due
		n, effects, err := Next(s, StepExtended{}, DefaultLimits(), c.at)
		if err != nil || len(effects) != 0 || !n.StepDue.Equal(c.want) || n.Deadline().After(end) {
			t.Errorf("%s: due %v, want %v; %v, %v", name, n.StepDue, c.want, effects, err)
		}
		if !n.ChangedAt.Equal(s.ChangedAt) {
			t.Errorf("%s: an extension is no decision", name)
		}
	}
}
