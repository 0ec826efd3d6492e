package accounts_test

import (
	"testing"
	"time"

	"realname/shared/accounts"
	"realname/shared/realname"
)

// A device is forgotten with the password with which it signed in, and with the account.
// Other changes keep it.
func TestDevicesAreForgottenWithThePassword(t *testing.T) {
	for name, end := range map[string]struct {
		do     func(d *desk) error
		forget bool
	}{
		"password changed": {func(d *desk) error {
			_, err := d.ChangePassword(t.Context(), d.anyVersion(), "another good one")
			return err
		}, true},
		"region changed": {func(d *desk) error {
			_, err := d.ChangeRegion(t.Context(), d.anyVersion(), "天津")
			return err
		}, false},
		"operator closed": {func(d *desk) error {
			_, err := d.DisableOperator(t.Context(), d.admin, d.operator, nil)
			return err
		}, true},
		"operator's code renewed": {func(d *desk) error {
			_, err := d.RenewActivation(t.Context(), accounts.RenewActivationRequest{
				Caller: d.admin, OperatorID: d.operator,
				Render: func(realname.Account) realname.Reply { return realname.Reply{} },
			})
			return err
		}, true},
		"operator erased": {func(d *desk) error {
			return (&accounts.Erasure{Accounts: d.Accounts, Values: d.store}).Erase(t.Context(), d.operator)
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			id := d.operator
			if name == "password changed" || name == "region changed" {
				id = d.admin.AccountID
			}
			read := func() realname.Account {
				found, err := d.store.LoadAccounts(t.Context(), []string{id})
				if err != nil {
					t.Fatal(err)
				}
				return found[0]
			}
			known := read().WithSignIn(realname.Device{SecretHash: "hash"}, d.Now())
			if err := d.store.Commit(t.Context(), realname.Writing(known)); err != nil {
				t.Fatal(err)
			}
			if err := end.do(d); err != nil {
				t.Fatal(err)
			}
			if got := len(read().Devices) == 0; got != end.forget {
				t.Errorf("devices %+v", read().Devices)
			}
		})
	}
}

// A sign-in changes nothing on the account page, so a change that was begun before it
// still names the current version.
func TestASignInKeepsTheVersionOfThePage(t *testing.T) {
	d := newDesk(t)
	a, e, err := d.AccountPage(t.Context(), d.admin)
	if err != nil {
		t.Fatal(err)
	}
	version := accounts.PageVersion(a, e)
	for range 2 {
		if a, _, err = d.AccountPage(t.Context(), d.admin); err != nil {
			t.Fatal(err)
		}
		signed := a.WithSignIn(realname.Device{SecretHash: "hash"}, d.Now().Add(time.Second))
		if err := d.store.Commit(t.Context(), realname.Writing(signed)); err != nil {
			t.Fatal(err)
		}
	}
	r := accounts.ChangeRequest{Caller: d.admin, IfMatch: &accounts.Precondition{Versions: []int64{version}}}
	if _, err := d.ChangeRegion(t.Context(), r, "天津"); err != nil {
		t.Errorf("the version changed: %v", err)
	}
}
