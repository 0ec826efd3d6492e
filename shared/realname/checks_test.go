package realname_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"realname/shared/realname"
)

func TestAProviderWithoutAnAnswerSaysWhenToTryAgain(t *testing.T) {
	beneath := errors.New("no network")
	for _, c := range []struct {
		result realname.CheckResult
		err    error
		none   bool
		after  time.Duration
	}{
		{realname.CheckResult{Outcome: realname.Match}, nil, false, 5 * time.Second},
		{realname.CheckResult{Outcome: realname.Match}, beneath, true, 5 * time.Second},
		{realname.CheckResult{Outcome: realname.Unavailable}, nil, true, 5 * time.Second},
		{realname.CheckResult{Outcome: realname.Limited}, nil, true, time.Minute},
		{realname.CheckResult{Outcome: realname.Limited, RetryAfter: time.Second}, nil, true, time.Second},
	} {
		if got := realname.NoAnswer(c.result, c.err); got != c.none {
			t.Errorf("%+v, %v: no answer %v", c.result, c.err, got)
		}
		var e *realname.Error
		if !errors.As(realname.Unanswered(c.result, c.err), &e) {
			t.Fatalf("%+v, %v: another error", c.result, c.err)
		}
		if e.Code != realname.CodeUnavailable || e.RetryAfter != c.after || !errors.Is(e.Err, c.err) {
			t.Errorf("%+v, %v: %+v", c.result, c.err, e)
		}
	}
	result := realname.CheckResult{
		Outcome: realname.Mismatch, Reason: "r", Provider: "p", Code: "c", RequestID: "i",
		Differs: []realname.Element{realname.ElementName},
	}
	evidence := result.Evidence(realname.SMSCheck, noon)
	if !reflect.DeepEqual(evidence.Result(), result) || evidence.Check != realname.SMSCheck ||
		!evidence.AskedAt.Equal(noon) {
		t.Errorf("%+v", evidence)
	}
}

// The day is told for a mismatch of known elements only, and in China's time.
func TestEvidenceSaysFromWhichDayTheDataShouldBeCurrent(t *testing.T) {
	late := time.Date(2026, 3, 2, 17, 0, 0, 0, time.UTC) // the next day in China
	mismatch := realname.CheckResult{Age: 7 * 24 * time.Hour}.DiffersIn(realname.ElementName)
	aged, unknown, none := mismatch, mismatch, realname.CheckResult{Age: time.Hour}.DiffersIn()
	unknown.Age = 0
	for want, r := range map[string]realname.CheckResult{"20260310": aged, "": unknown} {
		if got := r.Evidence(realname.RegistryCheck, late).CurrentFrom; got != want {
			t.Errorf("%+v: got %q, want %q", r, got, want)
		}
	}
	if got := none.Evidence(realname.RegistryCheck, late).CurrentFrom; got != "" {
		t.Errorf("without an element: %q", got)
	}
}
