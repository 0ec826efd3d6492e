package realname_test

import (
	"testing"
	"time"

	"realname/shared/realname"
)

func TestDataLivesAsLongAsTheRulesSay(t *testing.T) {
	for what, c := range map[string]struct{ is, want time.Duration }{
		"values of an audit entry": {realname.AuditValuesLife, 26352 * time.Hour},
		"counters of a day":        {realname.CounterLife, 48 * time.Hour},
		"an answer":                {realname.ReplyLife, 24 * time.Hour},
		"a link":                   {realname.LinkLife, 24 * time.Hour},
	} {
		if c.is != c.want {
			t.Errorf("%s: %v, want %v", what, c.is, c.want)
		}
	}
}

func TestAWrongGuessIsCountedAndARightOneIsNot(t *testing.T) {
	code := realname.SMSCode{WrongTries: 2}
	right, wrong := code.Guessed(true, "r1"), code.Guessed(false, "r2")
	if right.WrongTries != 2 || wrong.WrongTries != 3 || right.By == "" || right.By == wrong.By {
		t.Errorf("%+v, %+v", right, wrong)
	}
}

func TestSessionsOfTheDayAreCountedByTheLatest(t *testing.T) {
	day := realname.AccountDay{Day: realname.Day(noon), Sessions: map[realname.Method]int{realname.ICCard: 2}}
	for name, c := range map[string]struct {
		latest realname.Session
		want   int
	}{
		"none today":                  {realname.Session{CreatedAt: noon.Add(-24 * time.Hour), NthOfDay: 4}, 2},
		"the third of today":          {realname.Session{CreatedAt: noon, NthOfDay: 3}, 3},
		"of a version without number": {realname.Session{CreatedAt: noon}, 2},
	} {
		if got := day.Started(realname.ICCard, c.latest); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

func TestAnotherMessageCountsOnItsNumber(t *testing.T) {
	if n := (realname.NumberDay{SMS: 2}).Another(noon); n.SMS != 3 || !n.LastAt.Equal(noon) {
		t.Errorf("%+v", n)
	}
}
