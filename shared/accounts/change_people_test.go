package accounts_test

import (
	"context"
	"slices"
	"testing"

	"realname/shared/accounts"
	"realname/shared/realname"
)

func TestTheRosterFollowsTheAdministrator(t *testing.T) {
	d := newDesk(t)
	changed, err := d.ChangeAdministrator(t.Context(), d.anyVersion(), holder(1000))
	if err != nil || changed.Changed {
		t.Errorf("the same person: %+v, %v", changed, err)
	}
	if _, err := d.ChangeAdministrator(t.Context(), d.anyVersion(), holder(1)); realname.CodeOf(err) !=
		realname.CodeHolderTaken {
		t.Errorf("the person of an operator: %v", err)
	}
	if _, err := d.ChangeAdministrator(t.Context(), d.anyVersion(), holder(2)); err != nil {
		t.Fatal(err)
	}
	d.admin.IssuedAt = d.Now()
	if _, err := addOperator(t, d.Accounts, d.admin, "op-2", holder(2)); realname.CodeOf(err) != realname.CodeHolderTaken {
		t.Errorf("an operator with the administrator's number: %v", err)
	}
	if _, err := addOperator(t, d.Accounts, d.admin, "op-3", holder(1000)); err != nil {
		t.Errorf("an operator with the former number: %v", err)
	}
}

// A session under way stores nobody whom a change has replaced: the numbers of changes
// tell it (realname.Session, StandsOn).
func TestAChangeOfPeopleIsCounted(t *testing.T) {
	d := newDesk(t)
	changed, err := d.ChangeLegalRepresentative(t.Context(), d.anyVersion(), holder(7))
	if err != nil || changed.Enterprise.Changes != 1 {
		t.Errorf("%d changes of the enterprise, %v", changed.Enterprise.Changes, err)
	}
	d.admin.IssuedAt = d.Now()
	changed, err = d.ChangeAdministrator(t.Context(), d.anyVersion(), holder(2))
	if err != nil || changed.Account.HolderChanges != 1 {
		t.Errorf("%d changes of the holder, %v", changed.Account.HolderChanges, err)
	}
}

func TestDatesAreAuditedMasked(t *testing.T) {
	d := newDesk(t)
	with := holder(1000)
	with.ValidFrom, with.ValidTo = "20200101", "20400101"
	if _, err := d.ChangeAdministrator(t.Context(), d.anyVersion(), with); err != nil {
		t.Fatal(err)
	}
	d.audits(t, realname.AuditAdministratorChanged, realname.AccountItem(d.admin.AccountID), []realname.AuditField{
		{Field: "validity", After: "****–****"},
	})
	d.admin.IssuedAt = d.Now()
	with.ValidTo = "00000000"
	if _, err := d.ChangeAdministrator(t.Context(), d.anyVersion(), with); err != nil {
		t.Fatal(err)
	}
	d.audits(t, realname.AuditAdministratorChanged, realname.AccountItem(d.admin.AccountID), []realname.AuditField{
		{Field: "validity", Before: "****–****", After: "****–****"},
	})
}

// moved is a directory in which the enterprise has just got another code.
type moved struct{ accounts.Directory }

// LoadRoster implements accounts.Directory.
func (moved) LoadRoster(context.Context, string) (realname.Enterprise, realname.Roster, error) {
	return realname.Enterprise{}, realname.Roster{}, nil
}

func TestAChangeOfTheAdministratorMeetsAChangeOfTheCode(t *testing.T) {
	d := newDesk(t)
	d.Directory = moved{d.Directory}
	if _, err := d.ChangeAdministrator(t.Context(), d.anyVersion(), holder(2)); realname.CodeOf(err) !=
		realname.CodeTokenRevoked {
		t.Errorf("%v", err)
	}
}

// A code changes in one transaction with all accounts. The largest enterprise that may
// change its code fits into one.
func TestTheLargestEnterpriseChangesItsCode(t *testing.T) {
	o := newOwn(t)
	for n := range 69 {
		if _, err := addOperator(t, o.Accounts, o.caller(), "op-"+holderNumber(n), holder(n)); err != nil {
			t.Fatal(err)
		}
	}
	to := accounts.EnterpriseFacts{Name: "河北安达进出口贸易有限公司", USCC: "91130100MA0R02NM3R", OrgCode: "MA0R02NM3"}
	change := func() error {
		_, err := o.ChangeEnterprise(t.Context(), o.anyVersion(), to)
		return err
	}
	last, err := addOperator(t, o.Accounts, o.caller(), "op-70", holder(70))
	if err != nil {
		t.Fatal(err)
	}
	if err := change(); realname.CodeOf(err) != realname.CodeEnterpriseTooLarge {
		t.Fatalf("71 accounts: %v", err)
	}
	o.removeMember(last)
	if err := change(); err != nil {
		t.Fatalf("70 accounts: %v", err)
	}
	e, roster, err := o.store.LoadRoster(t.Context(), to.USCC)
	if err != nil || e.USCC != to.USCC || len(roster.Members) != 70 {
		t.Errorf("%+v, %d members, %v", e, len(roster.Members), err)
	}
}

// removeMember takes an account off the roster, as no use case does.
func (o *own) removeMember(id string) {
	o.Helper()
	_, roster, err := o.store.LoadRoster(o.Context(), o.admin.USCC)
	if err != nil {
		o.Fatal(err)
	}
	roster.Members = slices.DeleteFunc(roster.Members, func(m realname.Member) bool { return m.AccountID == id })
	if err := o.store.Commit(o.Context(), realname.Writing(roster)); err != nil {
		o.Fatal(err)
	}
}
