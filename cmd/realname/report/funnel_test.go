package report_test

import (
	"strings"
	"testing"
	"time"

	"realname/cmd/realname/report"
	"realname/shared/realname"
)

var now = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// session is a legal-representative session whose first n steps passed.
func session(n int, closed realname.Status, failedTries int) realname.Session {
	s := realname.Session{
		Method: realname.LegalRepresentative, Closed: closed, StepDue: now.Add(time.Minute), ExpiresAt: now.Add(time.Hour),
	}
	for i, name := range s.Method.Steps() {
		st := realname.Step{Name: name, Outcome: realname.StepPending}
		if i < n {
			st.Outcome = realname.StepPassed
		} else if i == n {
			st.FailedTries = failedTries
		}
		s.Steps = append(s.Steps, st)
	}
	return s
}

func TestAFunnelCountsWhereSessionsEnd(t *testing.T) {
	left := session(1, "", 0) // due, but not closed yet
	left.StepDue = now
	funnels := report.Funnels([]realname.Session{
		session(3, realname.Verified, 0), session(3, "", 0), session(1, realname.Failed, 5), session(1, realname.Canceled, 1),
		left, session(1, "", 2), session(0, realname.Expired, 0),
	}, now)
	if len(funnels) != 1 {
		t.Fatalf("%+v", funnels)
	}
	f := funnels[0]
	if f.Started != 7 || f.Verified != 1 {
		t.Errorf("%+v", f)
	}
	want := []report.StepCount{
		{Step: realname.StepEnterprise, Reached: 7, Passed: 6, Expired: 1},
		{
			Step: realname.StepLegalRepresentative, Reached: 6, Passed: 2, Failed: 1, Expired: 1, Canceled: 1, Open: 1, Tries: 8,
		},
		{Step: realname.StepAccountHolder, Reached: 2, Passed: 2},
	}
	for i, w := range want {
		if f.Steps[i] != w {
			t.Errorf("got  %+v\nwant %+v", f.Steps[i], w)
		}
	}
	if f.Steps[1].Stuck() != 4 {
		t.Errorf("%d stuck", f.Steps[1].Stuck())
	}
}

func TestDrawingNothingIsADrawing(t *testing.T) {
	var out strings.Builder
	if err := report.Draw(&out, nil); err != nil || !strings.HasPrefix(out.String(), "<svg ") ||
		!strings.HasSuffix(out.String(), "</svg>\n") {
		t.Errorf("%v %s", err, out.String())
	}
}
