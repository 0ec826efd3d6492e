package realname_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"realname/shared/realname"
)

func at(t *testing.T, text string) time.Time {
	t.Helper()
	instant, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return instant
}

func TestADayIsOneOfChina(t *testing.T) {
	for text, want := range map[string]string{
		"2026-03-01T15:59:59Z": "20260301 1s", "2026-03-01T16:00:00Z": "20260302 24h0m0s",
		"2026-03-02T15:59:58.5Z": "20260302 2s", "2026-12-31T15:00:00Z": "20261231 1h0m0s",
	} {
		instant := at(t, text)
		if got := fmt.Sprint(realname.Day(instant), " ", realname.UntilTomorrow(instant)); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

func TestDaysBetweenAreTheFirstToTheLast(t *testing.T) {
	for _, c := range []struct {
		from, to string
		want     []string
	}{
		{"2026-03-01T15:59:59Z", "2026-03-01T15:59:59Z", []string{"20260301"}},
		{"2026-03-01T15:59:59Z", "2026-03-01T16:00:00Z", []string{"20260301", "20260302"}},
		{"2026-02-28T15:00:00Z", "2026-03-02T15:00:00Z", []string{"20260228", "20260301", "20260302"}},
		{"2026-03-02T15:00:00Z", "2026-03-01T15:00:00Z", nil},
	} {
		if got := realname.DaysBetween(at(t, c.from), at(t, c.to)); !slices.Equal(got, c.want) {
			t.Errorf("%s–%s: got %v, want %v", c.from, c.to, got, c.want)
		}
	}
}

func TestSecondsAreRoundedUp(t *testing.T) {
	for d, want := range map[time.Duration]time.Duration{
		0: 0, 1: time.Second, time.Second - 1: time.Second, time.Second: time.Second, time.Second + 1: 2 * time.Second,
	} {
		if got := realname.CeilSecond(d); got != want {
			t.Errorf("%v: got %v, want %v", d, got, want)
		}
	}
}

func TestLimitsAreThoseOfTheManual(t *testing.T) {
	want := realname.Limits{
		TriesPerStep: 5, FailedTriesPerDay: 10, SessionsPerDay: 5,
		ChecksPerDay: 30, EnterpriseChecksPerDay: 300, CardChallengesPerDay: 50,
		StepTimeout: 1800e9, SessionTimeout: 86400e9,
		SMSInterval: 60e9, SMSPerNumberPerDay: 5, SMSPerAccountPerDay: 10, SMSCodeLife: 300e9, SMSCodeTries: 5,
		CheckReuse: 600e9, Retention: 26280 * 3600e9, ErasureAnswer: 360 * 3600e9, ErasureRequestsPerDay: 3,
	}
	if got := realname.DefaultLimits(); got != want {
		t.Errorf("got %+v", got)
	}
}

func TestAnSMSWaitsForItsLimits(t *testing.T) {
	l := realname.DefaultLimits()
	now := at(t, "2026-03-01T15:00:00Z") // an hour before the end of the day in China
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	code := func(d time.Duration) *realname.SMSCode { return &realname.SMSCode{SentAt: ago(d)} }
	for name, c := range map[string]struct {
		account, number int
		last            time.Time
		code            *realname.SMSCode
		want            time.Duration
	}{
		"the first":                      {0, 0, time.Time{}, nil, 0},
		"below both limits":              {9, 4, time.Time{}, nil, 0},
		"the account's limit":            {10, 0, time.Time{}, nil, time.Hour},
		"over the account's limit":       {11, 0, time.Time{}, nil, time.Hour},
		"the number's limit":             {0, 5, time.Time{}, nil, time.Hour},
		"a minute after the last":        {1, 1, ago(time.Minute), nil, 0},
		"40 seconds after the last":      {1, 1, ago(40 * time.Second), nil, 20 * time.Second},
		"of two, the code is the last":   {1, 1, ago(50 * time.Second), code(10 * time.Second), 50 * time.Second},
		"of two, the number is the last": {1, 1, ago(10 * time.Second), code(50 * time.Second), 50 * time.Second},
		"a code alone":                   {1, 0, time.Time{}, code(10 * time.Second), 50 * time.Second},
	} {
		view := realname.SessionView{Code: c.code}
		view.Day.SMS, view.Number.SMS, view.Number.LastAt = c.account, c.number, c.last
		if got := l.SMSWait(view, now); got != c.want {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}
