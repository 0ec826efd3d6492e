package accounts_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"realname/local/domaintest"
	"realname/shared/accounts"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table"
	"realname/shared/table/memory"
)

// theDay is the clock of the table: counters of the tests' day are not expired.
func theDay() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) }

// A request with the ID number of the administrator adds nobody, so it must not
// tell whether a login name exists.
func TestAnOwnIDNumberTellsNothingOfLoginNames(t *testing.T) {
	a, admin := accountsOn(t, memory.New(theDay))
	if _, err := addOperator(t, a, admin, "taken", holder(1)); err != nil {
		t.Fatal(err)
	}
	for _, login := range []string{"taken", "free"} {
		if _, err := addOperator(t, a, admin, login, holder(1000)); realname.CodeOf(err) != realname.CodeHolderTaken {
			t.Errorf("%s: %v", login, err)
		}
	}
}

// Login names can be probed ten times a day, one after another or all at once, and
// then no answer tells a taken name from a free one.
func TestProbedLoginNamesAreCounted(t *testing.T) {
	for name, atOnce := range map[string]bool{"one by one": false, "at once": true} {
		t.Run(name, func(t *testing.T) {
			a, admin := accountsOn(t, memory.New(theDay))
			if _, err := addOperator(t, a, admin, "taken", holder(1)); err != nil {
				t.Fatal(err)
			}
			count := map[realname.Code]int{}
			var mu sync.Mutex
			probe := func(n int) {
				_, err := addOperator(t, a, admin, "taken", holder(100+n))
				mu.Lock()
				defer mu.Unlock()
				count[realname.CodeOf(err)]++
			}
			var all sync.WaitGroup
			for n := range 30 {
				if atOnce {
					all.Go(func() { probe(n) })
				} else {
					probe(n)
				}
			}
			all.Wait()
			limit := a.Limits.FailedTriesPerDay
			if count[realname.CodeLoginNameTaken] != limit || count[realname.CodeAttemptsExhausted] != 30-limit {
				t.Errorf("%v", count)
			}
			if _, err := addOperator(t, a, admin, "free", holder(200)); realname.CodeOf(err) != realname.CodeAttemptsExhausted {
				t.Errorf("a free name: %v", err)
			}
		})
	}
}

// Codes of other enterprises are counted alike, also when they are probed at once.
func TestProbedCodesAreCounted(t *testing.T) {
	a, admin := accountsOn(t, memory.New(theDay))
	other := realname.Enterprise{USCC: "91130100MA0R02NM3R", Name: "别人", OrgCode: "MA0R02NM3", Standing: realname.Touched}
	if err := a.Directory.(*store.Store).Commit(t.Context(), realname.Writing(other)); err != nil {
		t.Fatal(err)
	}
	count := map[realname.Code]int{}
	var mu sync.Mutex
	var all sync.WaitGroup
	for n := range 30 {
		all.Go(func() {
			right := "right"
			r := accounts.ChangeRequest{
				Caller: admin, IfMatch: &accounts.Precondition{Any: true}, CurrentPassword: &right,
			}
			_, err := a.ChangeEnterprise(t.Context(), r,
				accounts.EnterpriseFacts{Name: "河北来者贸易有限公司", USCC: other.USCC, OrgCode: other.OrgCode, Address: fmt.Sprint(n)})
			mu.Lock()
			defer mu.Unlock()
			count[realname.CodeOf(err)]++
		})
	}
	all.Wait()
	limit := a.Limits.FailedTriesPerDay
	taken := count[realname.CodeEnterpriseCodeTaken]
	refused := taken + count[realname.CodeAttemptsExhausted] + count[realname.CodeConflict]
	if taken > limit || refused != 30 {
		t.Errorf("%v", count)
	}
}

// Two probes at once both count, also if the table takes a repeated put whose item it holds
// for the first one's.
func TestEqualProbesAreBothCounted(t *testing.T) {
	other := realname.Enterprise{USCC: "91130100MA0R02NM3R", Name: "别人", OrgCode: "MA0R02NM3", Standing: realname.Touched}
	for name, probe := range map[string]func(*accounts.Accounts, realname.Caller) error{
		"a login name": func(a *accounts.Accounts, admin realname.Caller) error {
			_, err := addOperator(t, a, admin, "taken", holder(100))
			return err
		},
		"a code": func(a *accounts.Accounts, admin realname.Caller) error {
			right := "right"
			r := accounts.ChangeRequest{
				Caller: admin, IfMatch: &accounts.Precondition{Any: true}, CurrentPassword: &right,
			}
			_, err := a.ChangeEnterprise(t.Context(), r,
				accounts.EnterpriseFacts{Name: "河北来者贸易有限公司", USCC: other.USCC, OrgCode: other.OrgCode})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			a, admin := accountsOn(t, domaintest.Repeating{Table: memory.New(theDay)})
			if _, err := addOperator(t, a, admin, "taken", holder(1)); err != nil {
				t.Fatal(err)
			}
			st := a.Directory.(*store.Store)
			if err := st.Commit(t.Context(), realname.Writing(other)); err != nil {
				t.Fatal(err)
			}
			var first error
			a.Store = &domaintest.Racing{Store: a.Store, Meanwhile: func() { first = probe(a, admin) }}
			second := probe(a, admin)
			view, err := st.LoadAccount(t.Context(), realname.AccountQuery{
				AccountID: admin.AccountID, Day: realname.Day(theDay()),
			})
			if first == nil || second == nil || err != nil || view.Day.FailedTries != 2 {
				t.Errorf("%v, %v: %+v, %v", first, second, view.Day, err)
			}
		})
	}
}

// A change of the code takes the day's count of questions to providers along, whatever
// the new code had, and also if a colleague puts one at the same time.
func TestANewCodeGoesOnCountingQuestions(t *testing.T) {
	tbl := memory.New(theDay)
	a, admin := accountsOn(t, tbl)
	st, today := a.Directory.(*store.Store), realname.Day(theDay())
	count := func(uscc string, checks int) {
		is, _, err := st.LoadEnterpriseDays(t.Context(), today, uscc, "other")
		if err == nil {
			is.Checks, is.Accounts = checks, map[string]int{admin.AccountID: checks}
			err = st.Commit(t.Context(), realname.Writing(realname.CountedEnterprise{USCC: uscc, EnterpriseDay: is}))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	right, to := "right", accounts.EnterpriseFacts{Name: "河北来者贸易有限公司", USCC: "91130100MA0R02NM3R", OrgCode: "MA0R02NM3"}
	r := accounts.ChangeRequest{Caller: admin, IfMatch: &accounts.Precondition{Any: true}, CurrentPassword: &right}
	count(to.USCC, 9)
	meanwhile := func() { count(admin.USCC, 3) } // where nothing was counted before
	a.Store = &domaintest.Racing{Store: a.Store, Meanwhile: meanwhile}
	if _, err := a.ChangeEnterprise(t.Context(), r, to); err != nil {
		t.Fatal(err)
	}
	is, was, err := st.LoadEnterpriseDays(t.Context(), today, to.USCC, admin.USCC)
	if err != nil || is.Checks != 3 || is.Accounts[admin.AccountID] != 3 || was.Version != 0 {
		t.Errorf("%+v, under the former code %+v: %v", is, was, err)
	}
}

// The largest enterprise whose code can change fits into one transaction, with room for
// the sessions that the change ends: three items for each of four.
func TestTheLargestEnterpriseGetsANewCode(t *testing.T) {
	tbl := &widest{Table: memory.New(theDay)}
	a, admin := accountsOn(t, tbl)
	for n := range 69 {
		if _, err := addOperator(t, a, admin, fmt.Sprint("operator-", n), holder(n)); err != nil {
			t.Fatal(err)
		}
	}
	right := "right"
	r := accounts.ChangeRequest{Caller: admin, IfMatch: &accounts.Precondition{Any: true}, CurrentPassword: &right}
	to := accounts.EnterpriseFacts{Name: "河北来者贸易有限公司", USCC: "91130100MA0R02NM3R", OrgCode: "MA0R02NM3"}
	if _, err := a.ChangeEnterprise(t.Context(), r, to); err != nil || tbl.writes > 100-4*3 {
		t.Errorf("%d writes in one transaction: %v", tbl.writes, err)
	}
}

// widest remembers how many writes the largest transaction had.
type widest struct {
	table.Table
	writes int
}

func (w *widest) Transact(ctx context.Context, writes ...table.Write) error {
	w.writes = max(w.writes, len(writes))
	return w.Table.Transact(ctx, writes...)
}
