package accounts_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"realname/shared/accounts"
	"realname/shared/idcode"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table/memory"
)

// permit returns the holder of an issue of one travel permit.
func permit(issue string) realname.Identity {
	p := realname.Person{Name: "陈大文", IDType: idcode.HKMacaoPermit, IDNumber: "H01234567" + issue}
	return realname.Identity{Person: p}
}

// An old table: version 1.0.0 stored the index of the whole number, and so let two
// issues of one permit in.
func TestAnOldRosterIsReadAndRenewed(t *testing.T) {
	a, admin := accountsOn(t, memory.New(time.Now))
	st := a.Directory.(*store.Store)
	add := func(name, issue string) (realname.Account, error) {
		var added realname.Account
		_, err := a.AddOperator(t.Context(), accounts.AddOperatorRequest{
			Caller: admin, Details: accounts.OperatorDetails{LoginName: name, Holder: permit(issue), Active: true},
			Render: func(o accounts.Operator) realname.Reply { added = o.Account; return realname.Reply{Status: 201} },
		})
		return added, err
	}
	first, err := add("first", "01")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := add("second", "02"); realname.CodeOf(err) != realname.CodeHolderTaken {
		t.Fatalf("a later issue: %v", err)
	}
	if _, err := add("second", ""); realname.CodeOf(err) != realname.CodeHolderTaken {
		t.Fatalf("the number of today's card: %v", err)
	}
	age := func(issues map[string]string) { // as version 1.0.0 stored it
		t.Helper()
		_, roster, err := st.LoadRoster(t.Context(), admin.USCC)
		if err != nil {
			t.Fatal(err)
		}
		for i, m := range roster.Members {
			if issue, ok := issues[m.AccountID]; ok {
				if roster.Members[i].Holder, err = a.Sealer.Index("holder", "H01234567"+issue); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := st.Commit(t.Context(), realname.Writing(roster)); err != nil {
			t.Fatal(err)
		}
	}
	age(map[string]string{first.ID: "01"})
	if _, err := add("second", "02"); realname.CodeOf(err) != realname.CodeHolderTaken {
		t.Fatalf("a later issue beside an old index: %v", err)
	}
	age(map[string]string{first.ID: ""}) // as if another person had it
	second := operatorWith(t, a, admin, "second", holder(7))
	audit := accounts.HolderAudit{Accounts: a}
	if found, err := audit.Find(t.Context(), admin.USCC); err != nil || len(found) != 0 {
		t.Fatalf("found %+v, %v", found, err)
	}
	reseal(t, a, second, permit("02"))
	age(map[string]string{first.ID: "01", second: "02"})
	want := []accounts.HolderFinding{
		{USCC: admin.USCC, AccountID: first.ID, Former: true},
		{USCC: admin.USCC, AccountID: second, Former: true, SameAs: first.ID},
	}
	left := []accounts.HolderFinding{{USCC: admin.USCC, AccountID: second, SameAs: first.ID}}
	for _, look := range []struct {
		name string
		at   func(ctx context.Context, uscc string) ([]accounts.HolderFinding, error)
		want []accounts.HolderFinding
	}{{"find", audit.Find, want}, {"fix", audit.Fix, want}, {"find again", audit.Find, left}} {
		if got, err := look.at(t.Context(), admin.USCC); err != nil || !slices.Equal(got, look.want) {
			t.Errorf("%s: %+v, %v, want %+v", look.name, got, err, look.want)
		}
	}
	// Both accounts work on, and either can be corrected.
	if _, err := a.ChangeOperator(t.Context(), accounts.ChangeOperatorRequest{
		Caller: admin, OperatorID: second, IfMatch: &accounts.Precondition{Any: true},
		Details: accounts.OperatorDetails{Holder: holder(8), Active: true},
	}); err != nil {
		t.Errorf("the correction: %v", err)
	}
	if found, err := audit.Find(t.Context(), admin.USCC); err != nil || len(found) != 0 {
		t.Errorf("after the correction: %+v, %v", found, err)
	}
	if _, err := audit.Find(t.Context(), "911300000000000000"); realname.CodeOf(err) != realname.CodeNotFound {
		t.Errorf("an unknown enterprise: %v", err)
	}
}

func operatorWith(
	t *testing.T, a *accounts.Accounts, admin realname.Caller, login string, who realname.Identity,
) (id string) {
	t.Helper()
	_, err := a.AddOperator(t.Context(), accounts.AddOperatorRequest{
		Caller: admin, Details: accounts.OperatorDetails{LoginName: login, Holder: who, Active: true},
		Render: func(o accounts.Operator) realname.Reply { id = o.Account.ID; return realname.Reply{Status: 201} },
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// reseal gives an account another holder past the roster's check.
func reseal(t *testing.T, a *accounts.Accounts, id string, who realname.Identity) {
	t.Helper()
	found, err := a.Directory.LoadAccounts(t.Context(), []string{id})
	if err == nil && len(found) == 0 {
		err = errors.New("no such account")
	}
	if err != nil {
		t.Fatal(err)
	}
	account := found[0]
	account.Administrator, err = realname.SealIdentity(
		a.Sealer, who, realname.AccountItem(id), realname.FieldAdministrator,
	)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Store.Commit(t.Context(), realname.Writing(account)); err != nil {
		t.Fatal(err)
	}
}
