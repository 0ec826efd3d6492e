package accounts_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"realname/local/domaintest"
	"realname/shared/accounts"
	"realname/shared/auth"
	"realname/shared/idcode"
	"realname/shared/realname"
	"realname/shared/signin"
	"realname/shared/store"
	"realname/shared/table"
	"realname/shared/table/memory"
	"realname/shared/vault"
	"realname/shared/verification"
)

// holderNumber returns the n-th made-up resident ID number.
func holderNumber(n int) string {
	id := "130102" + time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n).Format("20060102") + "001"
	check, _ := idcode.ResidentIDCheck(id)
	return id + string(check)
}

func holder(n int) realname.Identity {
	return realname.Identity{Person: realname.Person{Name: "持有人", IDType: idcode.ResidentID, IDNumber: holderNumber(n)}}
}

// accountsOn returns the use cases of accounts over a table with one administrator.
func accountsOn(t *testing.T, tbl table.Table) (*accounts.Accounts, realname.Caller) {
	t.Helper()
	st, seal := store.New(tbl), vault.Ephemeral()
	hasher := auth.NewSandboxHasher(rand.Reader)
	prefix := fmt.Sprint(time.Now().UnixNano())
	ids := domaintest.Counter(prefix)
	var mu sync.Mutex
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	clock := func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(time.Millisecond)
		return now
	}
	ports := &realname.Ports{
		Store: st, Sealer: seal, Limits: realname.DefaultLimits(), Now: clock, NewID: ids, Log: slog.New(slog.DiscardHandler),
		Wait: func(context.Context, time.Duration) error { return nil },
	}
	a := &accounts.Accounts{
		Ports: ports, Sessions: &verification.Verification{Ports: ports},
		Directory: st, SecretHash: auth.SecretHash,
		Strength:    func(context.Context, string, []string) (string, error) { return "", nil },
		Credentials: signin.Credentials{Store: st, Hasher: hasher, Lockout: auth.DefaultLockout(), Now: clock},
	}
	uscc, org := "91130100MA0R01NM09", "MA0R01NM0"
	admin := realname.Account{
		ID: ids(), LoginName: "admin-" + prefix, Origin: realname.MigratedLocal, USCC: uscc, CreatedAt: clock(),
	}
	var err error
	if admin.PasswordHash, err = hasher.Hash("right"); err != nil {
		t.Fatal(err)
	}
	admin.Administrator, err = realname.SealIdentity(
		seal, holder(1000), realname.AccountItem(admin.ID), realname.FieldAdministrator,
	)
	if err != nil {
		t.Fatal(err)
	}
	e := realname.Enterprise{USCC: uscc, Name: "河北安达进出口贸易有限公司", OrgCode: org}
	index, err := realname.IndexHolder(seal, holder(1000).Person)
	if err != nil {
		t.Fatal(err)
	}
	if err := st.CreateAccount(t.Context(), admin, e, index); err != nil {
		t.Fatal(err)
	}
	return a, realname.Caller{AccountID: admin.ID, USCC: uscc, IssuedAt: clock()}
}

// closedAccount is the erasure of an enterprise one of whose operators is closed, at a time that
// the test sets.
type closedAccount struct {
	*accounts.Erasure
	uscc, id string // of the operator
	closed   time.Time
	now      time.Time
}

func closedOperator(t *testing.T) *closedAccount {
	t.Helper()
	a, admin := accountsOn(t, memory.New(time.Now))
	st := a.Directory.(*store.Store)
	id, err := addOperator(t, a, admin, "op-1", holder(1))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.DisableOperator(t.Context(), admin, id, nil); err != nil {
		t.Fatal(err)
	}
	stored, err := st.LoadAccounts(t.Context(), []string{id})
	if err != nil {
		t.Fatal(err)
	}
	o := &closedAccount{uscc: admin.USCC, id: id, closed: stored[0].Disabled, now: stored[0].Disabled}
	ports := *a.Ports
	ports.Now = func() time.Time { return o.now }
	a.Ports = &ports
	o.Erasure = &accounts.Erasure{Accounts: a, Values: st}
	return o
}
