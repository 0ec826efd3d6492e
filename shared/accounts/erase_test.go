package accounts_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"realname/shared/accounts"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table/memory"
)

func TestAnErasedPersonLeavesNothing(t *testing.T) {
	tbl := memory.New(time.Now)
	a, admin := accountsOn(t, tbl)
	st := a.Directory.(*store.Store)
	id, err := addOperator(t, a, admin, "wang-xiaoming", holder(1))
	if err != nil {
		t.Fatal(err)
	}
	details := accounts.OperatorDetails{Holder: holder(2), Mobile: "13800001001", Email: "wang@example.com", Active: true}
	_, err = a.ChangeOperator(t.Context(), accounts.ChangeOperatorRequest{
		Caller: admin, OperatorID: id, IfMatch: &accounts.Precondition{Any: true}, Details: details,
	})
	if err != nil {
		t.Fatal(err)
	}
	if values, err := st.AuditValuesOf(t.Context(), realname.AccountItem(id)); err != nil || len(values) != 2 {
		t.Fatalf("%+v %v", values, err)
	}
	before, err := st.LoadAccounts(t.Context(), []string{id})
	if err != nil {
		t.Fatal(err)
	}
	e := &accounts.Erasure{Accounts: a, Values: st}
	for range 2 {
		if err := e.Erase(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	gone, err := st.LoadAccounts(t.Context(), []string{id})
	if err == nil && gone[0].HolderChanges <= before[0].HolderChanges {
		t.Errorf("%d changes of the holder after %d: a step under way would store the person again",
			gone[0].HolderChanges, before[0].HolderChanges)
	}
	if err != nil || gone[0].Administrator+gone[0].Mobile+gone[0].Email != "" ||
		gone[0].LoginName+gone[0].PasswordHash != "" || gone[0].Disabled.IsZero() {
		t.Errorf("%+v %v", gone, err)
	}
	dump := fmt.Sprint(tbl.Dump())
	for _, left := range []string{"wang-xiaoming", "持**", "wang", "138****1001"} {
		if strings.Contains(dump, left) {
			t.Errorf("%q is left", left)
		}
	}
	entries, head, err := st.AuditTrail(t.Context(), admin.USCC)
	if err != nil || int(head.Entries) != len(entries) || len(entries) != 3 || entries[2]["action"] != "person_erased" {
		t.Errorf("%v %v", entries, err)
	}
	if _, err := addOperator(t, a, admin, "wang-xiaoming", holder(2)); err != nil {
		t.Errorf("login name and number are not free again: %v", err)
	}
	if expired, err := e.Expired(t.Context(), admin.USCC, 0); err != nil || len(expired) != 0 {
		t.Errorf("erased ones are listed again: %v %v", expired, err)
	}
	if err := e.Erase(t.Context(), "nobody"); realname.CodeOf(err) != realname.CodeNotFound {
		t.Error(err)
	}
}

func TestClosedAccountsExpire(t *testing.T) {
	a, admin := accountsOn(t, memory.New(time.Now))
	id, err := addOperator(t, a, admin, "op-1", holder(1))
	if err != nil {
		t.Fatal(err)
	}
	e := &accounts.Erasure{Accounts: a}
	if expired, err := e.Expired(t.Context(), admin.USCC, 0); err != nil || len(expired) != 0 {
		t.Errorf("an open account is listed: %v %v", expired, err)
	}
	if _, err := a.DisableOperator(t.Context(), admin, id, nil); err != nil {
		t.Fatal(err)
	}
	for retention, want := range map[time.Duration]int{0: 1, time.Hour: 0} {
		if expired, err := e.Expired(t.Context(), admin.USCC, retention); err != nil || len(expired) != want {
			t.Errorf("after %v: %v %v", retention, expired, err)
		}
	}
}

func TestAnErasedLegalRepresentativeIsNobody(t *testing.T) {
	d := newDesk(t)
	if _, err := d.ChangeLegalRepresentative(t.Context(), d.anyVersion(), holder(7)); err != nil {
		t.Fatal(err)
	}
	e := &accounts.Erasure{Accounts: d.Accounts, Values: d.store}
	var changes []int64
	for range 2 { // the second finds nobody
		if err := e.EraseLegalRepresentative(t.Context(), d.admin.USCC); err != nil {
			t.Fatal(err)
		}
		ent, err := d.store.LoadEnterprise(t.Context(), d.admin.USCC)
		if err != nil || ent.LegalRepresentative != "" || ent.Standing != realname.Touched {
			t.Errorf("%+v %v", ent, err)
		}
		changes = append(changes, ent.Changes)
		values, err := d.store.AuditValuesOf(t.Context(), realname.EnterpriseItem(d.admin.USCC))
		if err != nil || len(values) != 0 {
			t.Errorf("values of the audit are left: %+v, %v", values, err)
		}
	}
	if changes[0] < 2 || changes[1] != changes[0] {
		t.Errorf("changes of the enterprise: %d", changes)
	}
	err := e.EraseLegalRepresentative(t.Context(), "91130100MA0R02NM3R")
	if realname.CodeOf(err) != realname.CodeNotFound {
		t.Errorf("an unknown enterprise: %v", err)
	}
}

// outrun is a store whose first commit loses to another.
type outrun struct {
	realname.Store
	commits int
}

// Commit implements realname.Store.
func (o *outrun) Commit(ctx context.Context, c realname.Change) error {
	if o.commits++; o.commits == 1 {
		return realname.ErrStale
	}
	return o.Store.Commit(ctx, c)
}

func TestAnErasureOfTheLegalRepresentativeMeetsAChange(t *testing.T) {
	d := newDesk(t)
	if _, err := d.ChangeLegalRepresentative(t.Context(), d.anyVersion(), holder(7)); err != nil {
		t.Fatal(err)
	}
	ports := *d.Ports
	ports.Store = &outrun{Store: d.store}
	d.Ports = &ports
	e := &accounts.Erasure{Accounts: d.Accounts, Values: d.store}
	if err := e.EraseLegalRepresentative(t.Context(), d.admin.USCC); err != nil {
		t.Fatal(err)
	}
	ent, err := d.store.LoadEnterprise(t.Context(), d.admin.USCC)
	if err != nil || ent.LegalRepresentative != "" {
		t.Errorf("%+v %v", ent, err)
	}
}

func TestAnAccountExpiresAtTheInstant(t *testing.T) {
	o := closedOperator(t)
	o.now = o.closed.Add(time.Hour)
	for retention, want := range map[time.Duration]int{time.Hour: 1, time.Hour + 1: 0} {
		if expired, err := o.Expired(t.Context(), o.uscc, retention); err != nil || len(expired) != want {
			t.Errorf("after %v: %v %v, want %d", retention, expired, err, want)
		}
	}
}
