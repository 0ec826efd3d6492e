package accounts_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"realname/shared/accounts"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table/memory"
)

// counter is where staff help the administrator of an account.
type counter struct {
	*testing.T
	*accounts.Support
	admin realname.Caller
	login string
	st    *store.Store
	table *memory.Table
}

func newCounter(t *testing.T) *counter {
	t.Helper()
	tbl := memory.New(time.Now)
	a, admin := accountsOn(t, tbl)
	a.Actor = "night shift"
	st := a.Directory.(*store.Store)
	d := &counter{t, &accounts.Support{Accounts: a}, admin, "", st, tbl}
	d.login = d.account().LoginName
	return d
}

func (d *counter) account() realname.Account {
	d.Helper()
	found, err := d.st.LoadAccounts(d.Context(), []string{d.admin.AccountID})
	if err != nil || len(found) != 1 {
		d.Fatal(found, err)
	}
	return found[0]
}

// trail returns the actions of the audit trail with their actors.
func (d *counter) trail() (actions []string) {
	d.Helper()
	entries, _, err := d.st.AuditTrail(d.Context(), d.admin.USCC)
	if err != nil {
		d.Fatal(err)
	}
	for _, e := range entries {
		actions = append(actions, fmt.Sprint(e["action"], " by ", e["actor"]))
	}
	return actions
}

// reasons returns the reasons in the values of the audit entries.
func (d *counter) reasons() (all []string) {
	d.Helper()
	values, err := d.st.AuditValuesOf(d.Context(), realname.AccountItem(d.admin.AccountID))
	if err != nil {
		d.Fatal(err)
	}
	for _, v := range values {
		for _, f := range v.Fields {
			if f.Field == "reason" {
				all = append(all, f.After)
			}
		}
	}
	return all
}

// The activation code has expired and the bound number is another's: no page helps.
func TestAUserWithoutAWayInGetsOne(t *testing.T) {
	d := newCounter(t)
	code, expires, err := d.RenewCode(t.Context(), d.login, "letter 17")
	if err != nil || len(code) != 19 || expires.IsZero() {
		t.Fatal(code, expires, err)
	}
	if a := d.account(); a.PasswordHash != "" || a.TokensFrom.IsZero() {
		t.Errorf("%+v", a)
	}
	activate := accounts.ActivateRequest{LoginName: d.login, Code: code, NewPassword: "another one"}
	if err := d.Accounts.Activate(t.Context(), activate); err != nil {
		t.Fatal(err)
	}
	if err := d.BindMobile(t.Context(), d.login, "letter 17", "13800001001"); err != nil {
		t.Fatal(err)
	}
	plain, err := d.Accounts.Sealer.Open(d.account().Mobile, realname.AccountItem(d.admin.AccountID), realname.FieldMobile)
	if err != nil || string(plain) != "13800001001" {
		t.Errorf("%s %v", plain, err)
	}
	want := []string{
		"activation_code_renewed by night shift", "account_activated by <nil>", "mobile_changed by night shift",
	}
	if got := d.trail(); !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	if got := d.reasons(); len(got) != 2 || got[0] != "letter 17" {
		t.Errorf("reasons %v", got)
	}
	if dump := fmt.Sprint(d.table.Dump()); strings.Contains(dump, "13800001001") || strings.Contains(dump, code) {
		t.Error("the table holds a number or a code in clear")
	}
}

func TestAClosedAccountOpensWithoutItsVerification(t *testing.T) {
	d := newCounter(t)
	before := d.account()
	before.Holder = realname.Aspect{Method: realname.AccountHolder, SessionID: "s1", At: before.CreatedAt}
	ent, err := d.st.LoadEnterprise(t.Context(), d.admin.USCC)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.st.Commit(t.Context(), realname.Writing(before, ent.WithAdministrator(before))); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time changes nothing
		if err := d.Disable(t.Context(), d.login, "left the company"); err != nil {
			t.Fatal(err)
		}
	}
	ent, roster, err := d.st.LoadRoster(t.Context(), d.admin.USCC)
	if member, ok := roster.Member(d.admin.AccountID); err != nil || !ok || member.Holder != "" || ent.Holder().Passed() ||
		d.account().Disabled.IsZero() {
		t.Errorf("%+v %+v %v", ent, member, err)
	}
	if _, _, err := d.RenewCode(t.Context(), d.login, "x"); realname.CodeOf(err) != realname.CodeNotFound {
		t.Errorf("a closed account got a code: %v", err)
	}
	for range 2 {
		if err := d.Enable(t.Context(), d.login, "came back"); err != nil {
			t.Fatal(err)
		}
	}
	ent, roster, err = d.st.LoadRoster(t.Context(), d.admin.USCC)
	member, _ := roster.Member(d.admin.AccountID)
	if a := d.account(); err != nil || !a.Disabled.IsZero() || a.Holder.Passed() || ent.Holder().Passed() ||
		member.Holder == "" {
		t.Errorf("%+v %+v %v", a, member, err)
	}
	want := []string{
		"account_disabled by night shift", "verification_withdrawn by night shift", "account_enabled by night shift",
	}
	if got := d.trail(); !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
}

func TestTwoOpenAccountsNeverHaveOneHolder(t *testing.T) {
	d := newCounter(t)
	if err := d.Disable(t.Context(), d.login, "left"); err != nil {
		t.Fatal(err)
	}
	second := realname.Account{ID: "second", LoginName: "second", Origin: realname.MigratedLocal, USCC: d.admin.USCC}
	index, err := realname.IndexHolder(d.Accounts.Sealer, holder(1000).Person)
	if err != nil {
		t.Fatal(err)
	}
	ent, roster, err := d.st.LoadRoster(t.Context(), d.admin.USCC)
	if err != nil {
		t.Fatal(err)
	}
	if roster, err = roster.Put(realname.Member{AccountID: second.ID}, index); err != nil {
		t.Fatal(err)
	}
	if err := d.st.Commit(t.Context(),
		realname.Writing(second, realname.NewLogin{Account: second}, ent.WithAdministrator(second), roster)); err != nil {
		t.Fatal(err)
	}
	if err := d.Enable(t.Context(), d.login, "came back"); realname.CodeOf(err) != realname.CodeHolderTaken {
		t.Error(err)
	}
}

func TestSupportRefuses(t *testing.T) {
	d := newCounter(t)
	if _, err := addOperator(t, d.Accounts, d.admin, "op-1", holder(1)); err != nil {
		t.Fatal(err)
	}
	for login, want := range map[string]realname.Code{"nobody": realname.CodeNotFound, "op-1": realname.CodeForbidden} {
		if err := d.Disable(t.Context(), login, "x"); realname.CodeOf(err) != want {
			t.Errorf("%s: %v", login, err)
		}
	}
	if err := d.BindMobile(t.Context(), d.login, "x", "12"); realname.CodeOf(err) != realname.CodeInvalidRequest {
		t.Error(err)
	}
}

// unwritable is a store that cannot write.
type unwritable struct {
	realname.Store
	cause error
}

// Commit implements realname.Store.
func (b unwritable) Commit(context.Context, realname.Change) error { return b.cause }

func TestSupportReportsWhatWasNotStored(t *testing.T) {
	d := newCounter(t)
	trouble := errors.New("no network")
	ports := *d.Accounts.Ports
	ports.Store = unwritable{ports.Store, trouble}
	d.Accounts.Ports = &ports
	if err := d.BindMobile(t.Context(), d.login, "letter 17", "13800001001"); !errors.Is(err, trouble) {
		t.Errorf("%v", err)
	}
	if a := d.account(); a.Mobile != "" || len(d.trail()) != 0 {
		t.Errorf("%+v, %v", a, d.trail())
	}
}

// Only closing and opening an account changes its enterprise, and the version of its
// pages.
func TestSupportChangesTheEnterpriseOnlyWithItsAdministrators(t *testing.T) {
	d := newCounter(t)
	version := func() int64 {
		t.Helper()
		e, err := d.st.LoadEnterprise(t.Context(), d.admin.USCC)
		if err != nil {
			t.Fatal(err)
		}
		return e.Version
	}
	for _, c := range []struct {
		does    func() error
		changes bool
	}{
		{func() error { _, _, err := d.RenewCode(t.Context(), d.login, "x"); return err }, false},
		{func() error { return d.BindMobile(t.Context(), d.login, "x", "13800001001") }, false},
		{func() error { return d.Disable(t.Context(), d.login, "x") }, true},
		{func() error { return d.Enable(t.Context(), d.login, "x") }, true},
	} {
		before := version()
		if err := c.does(); err != nil {
			t.Fatal(err)
		}
		if after := version(); (after > before) != c.changes {
			t.Errorf("version %d after %d, want a change: %v", after, before, c.changes)
		}
	}
}

func TestSupportRenewsACodeOfALaterIssue(t *testing.T) {
	d := newCounter(t)
	var issues []int64
	for range 2 {
		if _, _, err := d.RenewCode(t.Context(), d.login, "x"); err != nil {
			t.Fatal(err)
		}
		issues = append(issues, d.account().Activation.Issue)
	}
	if issues[1] != issues[0]+1 {
		t.Errorf("issues %d", issues)
	}
}
