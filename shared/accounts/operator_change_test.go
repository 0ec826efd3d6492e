package accounts_test

import (
	"testing"

	"realname/shared/accounts"
	"realname/shared/realname"
)

// change changes the desk's operator.
func (d *desk) change(t *testing.T, details accounts.OperatorDetails) (accounts.Operator, error) {
	t.Helper()
	return d.ChangeOperator(t.Context(), accounts.ChangeOperatorRequest{
		Caller: d.admin, OperatorID: d.operator, IfMatch: &accounts.Precondition{Any: true}, Details: details,
	})
}

// stored is the operator's account as it is stored.
func (d *desk) stored(t *testing.T) realname.Account {
	t.Helper()
	found, err := d.store.LoadAccounts(t.Context(), []string{d.operator})
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	return found[0]
}

// contacts opens the stored mobile number and address.
func (d *desk) contacts(t *testing.T) (mobile, email string) {
	t.Helper()
	a := d.stored(t)
	var opened [2]string
	for i, c := range []struct {
		sealed realname.Sealed
		field  string
	}{{a.Mobile, realname.FieldMobile}, {a.Email, realname.FieldEmail}} {
		if c.sealed == "" {
			continue
		}
		plain, err := d.Sealer.Open(c.sealed, realname.AccountItem(a.ID), c.field)
		if err != nil {
			t.Fatal(err)
		}
		opened[i] = string(plain)
	}
	return opened[0], opened[1]
}

func TestAnOperatorIsChangedAsAWhole(t *testing.T) {
	d := newDesk(t)
	is, err := d.change(t, accounts.OperatorDetails{
		Holder: holder(2), Mobile: "13812340001", Email: "clerk@example.com", Active: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	a := d.stored(t)
	if is.Account.Version != a.Version || a.HolderChanges != 1 {
		t.Errorf("answered version %d, stored %d; %d changes of the holder", is.Account.Version, a.Version, a.HolderChanges)
	}
	if mobile, email := d.contacts(t); mobile != "13812340001" || email != "clerk@example.com" {
		t.Errorf("contacts %q and %q", mobile, email)
	}
	// Closing and a contact in one request.
	_, err = d.change(t, accounts.OperatorDetails{Holder: holder(2), Mobile: "13812340002"})
	if mobile, _ := d.contacts(t); err != nil || mobile != "13812340002" || d.stored(t).Disabled.IsZero() {
		t.Errorf("%q, %+v, %v", mobile, d.stored(t), err)
	}
}

// A roster of a former index key is renewed with the next change. That is no change of the holder.
func TestARenewedRosterIsNoChangeOfTheHolder(t *testing.T) {
	d := newDesk(t)
	_, roster, err := d.store.LoadRoster(t.Context(), d.admin.USCC)
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range roster.Members {
		if m.AccountID == d.operator {
			roster.Members[i].Holder = "of a former key"
		}
	}
	if err := d.store.Commit(t.Context(), realname.Writing(roster)); err != nil {
		t.Fatal(err)
	}
	details := accounts.OperatorDetails{Holder: holder(1), Mobile: "13812340001", Active: true}
	if _, err := d.change(t, details); err != nil {
		t.Fatal(err)
	}
	_, roster, err = d.store.LoadRoster(t.Context(), d.admin.USCC)
	member, _ := roster.Member(d.operator)
	if err != nil || member.Holder == "of a former key" || d.stored(t).HolderChanges != 0 {
		t.Errorf("%+v, %d changes of the holder, %v", member, d.stored(t).HolderChanges, err)
	}
}

func TestAnOperatorWhoseHolderCannotBeReadStaysClosed(t *testing.T) {
	d := newDesk(t)
	if _, err := d.DisableOperator(t.Context(), d.admin, d.operator, nil); err != nil {
		t.Fatal(err)
	}
	a := d.stored(t)
	a.Administrator = "not sealed by any key"
	if err := d.store.Commit(t.Context(), realname.Writing(a)); err != nil {
		t.Fatal(err)
	}
	if _, err := d.EnableOperator(t.Context(), d.admin, d.operator); err == nil || d.stored(t).Disabled.IsZero() {
		t.Errorf("%v", err)
	}
}

func TestAnOperatorIsOpenedAgain(t *testing.T) {
	d := newDesk(t)
	if _, err := d.DisableOperator(t.Context(), d.admin, d.operator, nil); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second changes nothing
		is, err := d.EnableOperator(t.Context(), d.admin, d.operator)
		if err != nil || !is.Account.Disabled.IsZero() || !d.stored(t).Disabled.IsZero() {
			t.Errorf("%+v, %v", is, err)
		}
	}
	if _, err := addOperator(t, d.Accounts, d.admin, "op-2", holder(1)); realname.CodeOf(err) != realname.CodeHolderTaken {
		t.Errorf("the number is not the operator's again: %v", err)
	}
}

// A code of an issue that the account had before would open it to who kept that code.
func TestANewActivationCodeIsOfALaterIssue(t *testing.T) {
	d := newDesk(t)
	renew := func() int64 {
		t.Helper()
		_, err := d.RenewActivation(t.Context(), accounts.RenewActivationRequest{
			Caller: d.admin, OperatorID: d.operator, Render: func(realname.Account) realname.Reply { return realname.Reply{} },
		})
		if err != nil {
			t.Fatal(err)
		}
		return d.stored(t).Activation.Issue
	}
	first := d.stored(t).Activation.Issue
	second := renew()
	if second != first+1 {
		t.Errorf("issue %d after %d", second, first)
	}
	a := d.stored(t)
	a.Activation = nil // activated since
	if err := d.store.Commit(t.Context(), realname.Writing(a)); err != nil {
		t.Fatal(err)
	}
	if third := renew(); third <= second {
		t.Errorf("issue %d after %d", third, second)
	}
}

func TestAnAddedOperatorHasTheStoredVersion(t *testing.T) {
	d := newDesk(t)
	var rendered realname.Account
	_, err := d.AddOperator(t.Context(), accounts.AddOperatorRequest{
		Caller: d.admin, Details: accounts.OperatorDetails{LoginName: "op-2", Holder: holder(2), Active: true},
		Render: func(o accounts.Operator) realname.Reply {
			rendered = o.Account
			return realname.Reply{Status: 201}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	d.operator = rendered.ID
	if stored := d.stored(t); rendered.Version != stored.Version || stored.Version == 0 {
		t.Errorf("answered version %d, stored %d", rendered.Version, stored.Version)
	}
}
