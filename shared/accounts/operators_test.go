package accounts_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"realname/shared/accounts"
	"realname/shared/realname"
	"realname/shared/table"
	"realname/shared/table/dynamo/dynamotest"
	"realname/shared/table/memory"
)

func addOperator(
	t *testing.T, a *accounts.Accounts, c realname.Caller, login string, who realname.Identity,
) (string, error) {
	t.Helper()
	id := ""
	_, err := a.AddOperator(t.Context(), accounts.AddOperatorRequest{
		Caller: c, Details: accounts.OperatorDetails{LoginName: login, Holder: who, Active: true},
		Render: func(o accounts.Operator) realname.Reply {
			id = o.Account.ID
			return realname.Reply{Status: 201}
		},
	})
	return id, err
}

// Fifty goroutines give one ID number to fifty operators of one enterprise. One wins; 49
// get holder_id_taken and write nothing.
func TestFiftyOperatorsGetOneIDNumber(t *testing.T) {
	tables := map[string]func(*testing.T) table.Table{
		"memory":   func(*testing.T) table.Table { return memory.New(time.Now) },
		"dynamodb": func(t *testing.T) table.Table { return dynamotest.Open(t)(time.Now) },
	}
	for name, open := range tables {
		t.Run(name+", added with it", func(t *testing.T) {
			a, admin := accountsOn(t, open(t))
			fifty(t, func(n int) error {
				_, err := addOperator(t, a, admin, fmt.Sprintf("op-%d", n), holder(1))
				return err
			})
			page, _, err := a.Operators(t.Context(), admin, 100, "")
			if err != nil || len(page) != 1 {
				t.Errorf("%d operators, %v", len(page), err)
			}
			half := 0
			for n := range 50 {
				found, err := a.Directory.FindLogin(t.Context(), fmt.Sprintf("op-%d", n))
				if err != nil {
					t.Fatal(err)
				}
				if found.ID != "" {
					half++
				}
			}
			if half != 1 {
				t.Errorf("%d login names are taken, want 1", half)
			}
		})
		t.Run(name+", changed to it", func(t *testing.T) {
			a, admin := accountsOn(t, open(t))
			ids := make([]string, 50)
			for n := range ids {
				var err error
				if ids[n], err = addOperator(t, a, admin, fmt.Sprintf("op-%d", n), holder(100+n)); err != nil {
					t.Fatal(err)
				}
			}
			fifty(t, func(n int) error {
				_, err := a.ChangeOperator(t.Context(), accounts.ChangeOperatorRequest{
					Caller: admin, OperatorID: ids[n], IfMatch: &accounts.Precondition{Any: true},
					Details: accounts.OperatorDetails{Holder: holder(1), Active: true},
				})
				return err
			})
			have := map[string]int{}
			accounts, err := a.Directory.LoadAccounts(t.Context(), ids)
			if err != nil {
				t.Fatal(err)
			}
			for n, account := range accounts {
				i, err := realname.OpenIdentity(
					a.Sealer, account.Administrator, realname.AccountItem(account.ID), realname.FieldAdministrator,
				)
				if err != nil {
					t.Fatal(err)
				}
				have[i.IDNumber]++
				if changed := i.IDNumber == holderNumber(1); changed != (account.Version == 2) ||
					!changed && i.IDNumber != holderNumber(100+n) {
					t.Errorf("operator %d is half written: version %d, changed %v", n, account.Version, changed)
				}
			}
			if have[holderNumber(1)] != 1 || len(have) != 50 {
				t.Errorf("%d have the number, %d numbers in all", have[holderNumber(1)], len(have))
			}
			// Closing the winner's account releases the number for another account.
			if _, err := a.DisableOperator(t.Context(), admin, winner(t, a, accounts), nil); err != nil {
				t.Fatal(err)
			}
			if _, err := addOperator(t, a, admin, "late", holder(1)); err != nil {
				t.Error(err)
			}
		})
	}
}

func winner(t *testing.T, a *accounts.Accounts, all []realname.Account) string {
	for _, account := range all {
		i, err := realname.OpenIdentity(
			a.Sealer, account.Administrator, realname.AccountItem(account.ID), realname.FieldAdministrator,
		)
		if err == nil && i.IDNumber == holderNumber(1) {
			return account.ID
		}
	}
	t.Fatal("no operator got the ID number")
	return ""
}

func fifty(t *testing.T, do func(n int) error) {
	t.Helper()
	var mu sync.Mutex
	var wg sync.WaitGroup
	outcomes := map[string]int{}
	for n := range 50 {
		wg.Go(func() {
			err := do(n)
			outcome := "won"
			if err != nil {
				outcome = string(realname.CodeOf(err))
				if outcome == "" {
					outcome = err.Error()
				}
			}
			mu.Lock()
			defer mu.Unlock()
			outcomes[outcome]++
		})
	}
	wg.Wait()
	if outcomes["won"] != 1 || outcomes["holder_id_taken"] != 49 {
		t.Errorf("%v", outcomes)
	}
}
