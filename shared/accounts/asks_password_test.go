package accounts_test

import (
	"errors"
	"testing"

	"realname/shared/accounts"
	"realname/shared/realname"
)

// A token alone changes neither the name nor the code of the enterprise nor its legal
// representative. The password is limited as at a sign-in.
func TestFactsOfTheEnterpriseNeedTheCurrentPassword(t *testing.T) {
	is := accounts.EnterpriseFacts{Name: "河北安达进出口贸易有限公司", USCC: "91130100MA0R01NM09", OrgCode: "MA0R01NM0"}
	enterprise := func(edit func(*accounts.EnterpriseFacts)) func(*own, accounts.ChangeRequest) error {
		to := is
		edit(&to)
		return func(o *own, r accounts.ChangeRequest) error {
			_, err := o.ChangeEnterprise(o.Context(), r, to)
			return err
		}
	}
	legal := func(o *own, r accounts.ChangeRequest) error {
		_, err := o.ChangeLegalRepresentative(o.Context(), r, holder(7))
		return err
	}
	right, wrong := "right", "wrong"
	for name, change := range map[string]func(*own, accounts.ChangeRequest) error{
		"name":                 enterprise(func(f *accounts.EnterpriseFacts) { f.Name = "河北新名称贸易有限公司" }),
		"spelling of the name": enterprise(func(f *accounts.EnterpriseFacts) { f.Name += "(保定)" }),
		"code": enterprise(func(f *accounts.EnterpriseFacts) {
			f.USCC, f.OrgCode = "91130100MA0R02NM3R", "MA0R02NM3"
		}),
		"legal representative": legal,
	} {
		t.Run(name, func(t *testing.T) {
			o := newOwn(t)
			request := func(password *string) accounts.ChangeRequest {
				return accounts.ChangeRequest{
					Caller: o.caller(), IfMatch: &accounts.Precondition{Any: true}, CurrentPassword: password,
				}
			}
			wants := func(err error, code realname.Code, rule string) {
				t.Helper()
				var refused *realname.Error
				if !errors.As(err, &refused) || refused.Code != code || len(refused.Fields) != 1 ||
					refused.Fields[0].Pointer != "/currentPassword" || refused.Fields[0].Rule != rule {
					t.Errorf("got %v, want %s", err, code)
				}
			}
			before := o.account()
			for range 20 { // a missing password is not a wrong one
				wants(change(o, request(nil)), realname.CodePasswordRequired, "missing")
			}
			wants(change(o, request(&wrong)), realname.CodeCurrentPassword, "wrong")
			if after := o.account(); after.Version != before.Version {
				t.Errorf("the account changed: %+v", after)
			}
			if err := change(o, request(&right)); err != nil || o.account().TokensFrom.IsZero() {
				t.Errorf("with the password: %v", err)
			}
			o.admin.USCC = o.account().USCC
			// The right ID number of the legal representative must not look otherwise than
			// a guessed one. Name and code are public.
			if err := change(o, request(nil)); name == "legal representative" {
				wants(err, realname.CodePasswordRequired, "missing")
			} else if err != nil {
				t.Errorf("nothing changes: %v", err)
			}
			for range 4 {
				wants(change(o, request(&wrong)), realname.CodeCurrentPassword, "wrong")
			}
			if err := change(o, request(&wrong)); realname.CodeOf(err) != realname.CodeLoginLocked {
				t.Errorf("the fifth wrong password: %v", err)
			}
			if err := change(o, request(&right)); realname.CodeOf(err) != realname.CodeLoginLocked {
				t.Errorf("after five wrong passwords: %v", err)
			}
		})
	}
	o := newOwn(t)
	r := accounts.ChangeRequest{Caller: o.caller(), IfMatch: &accounts.Precondition{Any: true}}
	if err := enterprise(func(f *accounts.EnterpriseFacts) { f.Address = "石家庄市示范路" })(o, r); err != nil {
		t.Errorf("another address: %v", err)
	}
	o.edit(func(a *realname.Account) { a.Origin = realname.SingleWindow })
	e, err := o.Store.LoadEnterprise(t.Context(), o.admin.USCC)
	if err != nil {
		t.Fatal(err)
	}
	e.Standing = realname.Untouched
	if err := o.store.Commit(t.Context(), realname.Writing(e)); err != nil {
		t.Fatal(err)
	}
	r.Caller, r.CurrentPassword = o.caller(), &right
	if err := legal(o, r); realname.CodeOf(err) != realname.CodeMaintainedElsewhere {
		t.Errorf("a registered enterprise: %v", err)
	}
}
