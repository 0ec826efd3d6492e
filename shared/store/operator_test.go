package store_test

import (
	"context"
	"errors"
	"testing"

	"realname/shared/auth"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table"
	"realname/shared/table/memory"
)

// dying is a table that accepts a limited number of writes and then fails.
type dying struct {
	table.Table
	left int
}

var errDied = errors.New("the process died")

func (d *dying) Transact(ctx context.Context, writes ...table.Write) error {
	if d.left--; d.left < 0 {
		return errDied
	}
	return d.Table.Transact(ctx, writes...)
}

// After any write at which the command dies, an unlocked account has an audit entry.
func TestNobodyIsUnlockedWithoutAnEntry(t *testing.T) {
	for writes := range 3 {
		tbl := &dying{memory.New(timeNow), 100}
		st := store.New(tbl)
		a := realname.Account{ID: "a1", LoginName: "clerk", USCC: uscc, CreatedAt: now}
		holder := realname.HolderIndex{Current: "h"}
		if err := st.CreateAccount(t.Context(), a, realname.Enterprise{USCC: uscc}, holder); err != nil {
			t.Fatal(err)
		}
		login, err := st.LoadLogin(t.Context(), "clerk")
		if err != nil {
			t.Fatal(err)
		}
		lock := auth.DefaultLockout()
		failures := auth.Failures{Count: lock.Tries, Last: now}
		outcome := store.LoginOutcome{Failures: &failures, Life: lock.For}
		if err := st.SaveLogin(t.Context(), "clerk", login, outcome); err != nil {
			t.Fatal(err)
		}
		tbl.left = writes
		_, _, err = st.Unlock(t.Context(), "clerk", realname.Day(now), realname.AuditEntry{
			ID: "e1", At: now, Action: realname.AuditUnlocked, Actor: "night shift",
		})
		if err != nil && !errors.Is(err, errDied) {
			t.Fatal(err)
		}
		if login, err = st.LoadLogin(t.Context(), "clerk"); err != nil {
			t.Fatal(err)
		}
		entries, _, err := st.AuditTrail(t.Context(), uscc)
		if err != nil {
			t.Fatal(err)
		}
		if unlocked := login.Failures.Count == 0; unlocked != (len(entries) == 1) || unlocked != (writes > 0) {
			t.Errorf("after %d writes: unlocked %v, %d entries", writes, unlocked, len(entries))
		}
	}
}
