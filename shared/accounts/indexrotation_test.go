package accounts_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"realname/shared/accounts"
	"realname/shared/idcode"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table"
	"realname/shared/table/memory"
	"realname/shared/vault"
)

// Sizes of an old table.
const (
	oldEnterprises = 25
	oldOperators   = 3 // of each
)

// oldTable is a table of version 1.0.0, whose vault has one key for all indexes.
type oldTable struct {
	*accounts.Accounts
	*testing.T
	items  *memory.Table
	keyset []byte
	now    time.Time // of the vault
	admins []realname.Caller
	logins []string
	people [][]realname.Identity // of each enterprise, its administrator first
}

func newOldTable(t *testing.T) *oldTable {
	t.Helper()
	o := &oldTable{T: t, items: memory.New(time.Now), now: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)}
	var first realname.Caller
	o.Accounts, first = accountsOn(t, o.items)
	for _, it := range o.items.Dump() { // only its ports are needed
		if err := o.items.Transact(t.Context(), table.Delete(it.Key, table.Always())); err != nil {
			t.Fatal(first, err)
		}
	}
	var d map[string]any
	document, err := vault.Generate()
	if err == nil {
		err = json.Unmarshal(document, &d)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"holders", "codes", "activation"} {
		delete(d, name)
	}
	if o.keyset, err = json.Marshal(d); err != nil {
		t.Fatal(err)
	}
	o.reload()
	for n := range oldEnterprises {
		o.add(n)
	}
	return o
}

// reload makes the use cases load the keys, as a process does every 15 minutes.
func (o *oldTable) reload() {
	keyset := o.keyset
	o.Sealer = vault.New(func() (vault.Keys, error) { return vault.Read(keyset) }, func() time.Time { return o.now })
}

// add creates the n-th enterprise with its administrator and operators. Every other
// enterprise has an operator with a travel permit, whose number has several forms.
func (o *oldTable) add(n int) {
	o.Helper()
	stem := fmt.Sprintf("91130100MA0%05d", n)
	people := []realname.Identity{holder(10 * n)}
	admin := realname.Account{
		ID: o.NewID(), LoginName: fmt.Sprintf("admin-%d", n), Origin: realname.MigratedLocal, CreatedAt: o.Now(),
		USCC: stem + "XX",
	}
	var err error
	admin.Administrator, err = realname.SealIdentity(
		o.Sealer, people[0], realname.AccountItem(admin.ID), realname.FieldAdministrator,
	)
	if err != nil {
		o.Fatal(err)
	}
	index, err := realname.IndexHolder(o.Sealer, people[0].Person)
	if err != nil {
		o.Fatal(err)
	}
	e := realname.Enterprise{USCC: admin.USCC, Name: fmt.Sprintf("企业%d", n)}
	if err := o.Directory.(*store.Store).CreateAccount(o.Context(), admin, e, index); err != nil {
		o.Fatal(err)
	}
	caller := realname.Caller{AccountID: admin.ID, USCC: admin.USCC, IssuedAt: o.Now()}
	for k := range oldOperators {
		who := holder(10*n + k + 1)
		if k == 0 && n%2 == 0 {
			who.IDType, who.IDNumber = idcode.HKMacaoPermit, fmt.Sprintf("H%08d01", n)
		}
		operatorWith(o.T, o.Accounts, caller, fmt.Sprintf("operator-%d-%d", n, k), who)
		people = append(people, who)
	}
	o.admins, o.people = append(o.admins, caller), append(o.people, people)
	o.logins = append(o.logins, admin.LoginName)
}

// refusesEveryHolder checks that each person is found: none can become another operator.
func (o *oldTable) refusesEveryHolder(when string) {
	o.Helper()
	for n, caller := range o.admins {
		for _, who := range o.people[n] {
			_, err := o.AddOperator(o.Context(), accounts.AddOperatorRequest{
				Caller: caller, Details: accounts.OperatorDetails{LoginName: "another", Holder: who, Active: true},
				Render: func(accounts.Operator) realname.Reply { return realname.Reply{Status: 201} },
			})
			if realname.CodeOf(err) != realname.CodeHolderTaken {
				o.Fatalf("%s: %s of enterprise %d: %v", when, who.IDType, n, err)
			}
		}
		a, err := o.Directory.FindLogin(o.Context(), strings.ToUpper(o.logins[n]))
		if err != nil || a.ID != caller.AccountID {
			o.Fatalf("%s: %s: %+v %v", when, o.logins[n], a, err)
		}
	}
}

// formerIndexes counts the persons whose former indexes any item of the table holds.
func (o *oldTable) formerIndexes() (n int) {
	o.Helper()
	var all strings.Builder
	for _, it := range o.items.Dump() {
		fmt.Fprintln(&all, it.Key, it.GSI1, it.GSI2, it.Body)
	}
	for _, people := range o.people {
		for _, who := range people {
			index, err := realname.IndexHolder(o.Sealer, who.Person)
			if err != nil {
				o.Fatal(err)
			}
			if !strings.Contains(all.String(), index.Current) {
				n++
			}
			for _, former := range index.Former {
				if strings.Contains(all.String(), former) {
					n++
				}
			}
		}
	}
	return n
}

// The index key rotates over a whole old table, while it is in use. After the command that
// finishes the rest, no item holds an index of the old key.
func TestTheIndexKeyRotatesOverAWholeOldTable(t *testing.T) {
	o := newOldTable(t)
	audit := accounts.HolderAudit{Accounts: o.Accounts}
	fix := func(at func(context.Context, string) ([]accounts.HolderFinding, error)) (former int) {
		t.Helper()
		err := o.Directory.(*store.Store).EnterpriseCodes(t.Context(), func(uscc string) error {
			found, err := at(t.Context(), uscc)
			for _, f := range found {
				if f.SameAs != "" {
					t.Errorf("%+v", f)
				}
			}
			former += len(found)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return former
	}
	o.refusesEveryHolder("before")
	for round := range 2 {
		from := o.now.Add(2 * vault.KeysLife)
		var err error
		if o.keyset, err = vault.RotateIndex(o.keyset, o.now, from); err != nil {
			t.Fatal(err)
		}
		o.reload()
		o.refusesEveryHolder("after the reload")
		o.now = from
		o.refusesEveryHolder("with the new key")
		persons := 0
		for _, people := range o.people {
			persons += len(people)
		}
		if got := fix(audit.Find); got != persons {
			t.Errorf("round %d: %d of %d indexes are of the old key", round, got, persons)
		}
		touched := o.admins[0] // a change renews the index that it touches
		operatorWith(t, o.Accounts, touched, fmt.Sprintf("later-%d", round), holder(9000+round))
		o.people[0] = append(o.people[0], holder(9000+round))
		if got := o.formerIndexes(); got == 0 {
			t.Error("the search for former indexes finds none")
		}
		codes := 0
		stopped := errors.New("the command was stopped")
		err = o.Directory.(*store.Store).EnterpriseCodes(t.Context(), func(uscc string) error {
			if codes++; codes > oldEnterprises/2 {
				return stopped
			}
			_, err := audit.Fix(t.Context(), uscc)
			return err
		})
		if err == nil {
			t.Fatal("the command was not stopped")
		}
		o.refusesEveryHolder("with half of the indexes replaced")
		fix(audit.Fix)
		if got := fix(audit.Fix); got > 0 {
			t.Errorf("round %d: a second run replaces %d", round, got)
		}
		if got := o.formerIndexes(); got > 0 {
			t.Errorf("round %d: %d former indexes are left", round, got)
		}
		o.refusesEveryHolder("after the command")
	}
}
