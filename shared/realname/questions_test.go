package realname_test

import (
	"fmt"
	"testing"
	"time"

	"realname/shared/realname"
)

func TestADayForgetsQuestionsOfLongAgo(t *testing.T) {
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	idem := &realname.Idempotency{Key: "k", Fingerprint: "f"}
	a, b := idem.Question("registry", "a"), idem.Question("registry", "b")
	if none := (*realname.Idempotency)(nil).Question("registry", "a"); a == b || a == "" || none != "" {
		t.Errorf("%q %q %q", a, b, none)
	}
	view := realname.SessionView{Account: realname.Account{ID: "a1"}}
	counted := func(view realname.SessionView, question string, at time.Time) realname.SessionView {
		view.EnterpriseDay = *view.CountCheck(question, "by", at).Enterprise
		return view
	}
	day := counted(counted(view, "", at), a, at)
	if _, err := day.HasBegun(a, at.Add(29*time.Second)); realname.CodeOf(err) != realname.CodeKeyInProgress {
		t.Errorf("%v", err)
	}
	if begun, err := day.HasBegun(a, at.Add(30*time.Second)); !begun || err != nil {
		t.Errorf("%v %v", begun, err)
	}
	later := counted(day, b, at.Add(time.Hour))
	begun, before := later.EnterpriseDay.Begun, day.EnterpriseDay.Begun
	if _, left := begun[a]; left || len(begun) != 1 || len(before) != 1 {
		t.Errorf("%v, before %v", begun, before)
	}
	if ended := later.EndChecks(a, b); len(ended.Enterprise.Begun) != 0 || len(begun) != 1 || ended.Day != nil {
		t.Errorf("%v, before %v", ended, begun)
	}
	if none := later.EndChecks(a); none != (realname.CheckCount{}) {
		t.Errorf("%+v", none)
	}
}

// The counters of an enterprise with very many accounts and questions stay small, and no
// question is lost: the account's own day takes what has no room.
func TestWhatAnEnterprisesCountersHaveNoRoomForIsCountedByTheAccount(t *testing.T) {
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	const accounts, each = 200, 2
	days, e := make([]realname.AccountDay, accounts), realname.EnterpriseDay{}
	view := func(i int) realname.SessionView {
		return realname.SessionView{
			Account: realname.Account{ID: fmt.Sprint("account-", i)}, Day: days[i], EnterpriseDay: e,
		}
	}
	keep := func(i int, c realname.CheckCount) {
		if c.Day != nil {
			days[i] = *c.Day
		}
		if c.Enterprise != nil {
			e = *c.Enterprise
		}
	}
	most := 0
	for n := range accounts * each {
		i := n % accounts
		question := fmt.Sprint("question-", n)
		keep(i, view(i).CountCheck(question, "by", at))
		most = max(most, len(e.Accounts)+len(e.Begun))
		if begun, _ := view(i).HasBegun(question, at.Add(time.Minute)); !begun {
			t.Errorf("%s is not noted", question)
		}
	}
	if most != 64 {
		t.Errorf("%d accounts and notes in one record at most, want 64", most)
	}
	if days[accounts-1].Checks != each || days[0].Checks >= each || e.Checks != accounts*each {
		t.Errorf("%d by the last account itself, %d by the first, %d by all",
			days[accounts-1].Checks, days[0].Checks, e.Checks)
	}
	for i := range accounts {
		if got := view(i).Checks(); got != each {
			t.Errorf("account %d has %d questions", i, got)
		}
	}
	for n := range accounts * each { // none was put
		i := n % accounts
		question := fmt.Sprint("question-", n)
		keep(i, view(i).UncountCheck(question))
		if begun, _ := view(i).HasBegun(question, at.Add(time.Minute)); begun {
			t.Errorf("%s is still noted", question)
		}
	}
	if e.Checks != 0 || len(e.Accounts) != 0 || len(e.Begun) != 0 || view(0).Checks() != 0 || days[0].Checks != 0 {
		t.Errorf("%+v %+v", e, days[0])
	}
	if c := view(0).UncountCheck(""); c != (realname.CheckCount{}) {
		t.Errorf("a count that has moved away is taken back: %+v", c)
	}
}

func TestADayEndsTheQuestionsAtItsLimits(t *testing.T) {
	l := realname.Limits{ChecksPerDay: 3, EnterpriseChecksPerDay: 5}
	for name, c := range map[string]struct {
		account, enterprise int
		waits               bool
	}{
		"below both":             {2, 4, false},
		"the account's limit":    {3, 4, true},
		"the enterprise's limit": {2, 5, true},
		"above both":             {9, 9, true},
	} {
		view := realname.SessionView{
			Account: realname.Account{ID: "a"}, Day: realname.AccountDay{Checks: c.account},
			EnterpriseDay: realname.EnterpriseDay{Checks: c.enterprise},
		}
		want := time.Duration(0)
		if c.waits {
			want = realname.UntilTomorrow(noon)
		}
		if got := l.CheckWait(view, noon); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}
