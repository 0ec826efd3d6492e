package store_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"realname/shared/audit"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table"
	"realname/shared/table/memory"
)

// anyEntry draws an entry that shares some members with others.
func anyEntry(t *rapid.T, n int) realname.AuditEntry {
	text := func(name string, from ...string) string { return rapid.SampledFrom(from).Draw(t, name) }
	a := realname.AuditEntry{
		ID: fmt.Sprint("e", n), At: now.Add(time.Duration(rapid.Int64Range(0, 3).Draw(t, "at"))), USCC: uscc,
		Actor:     text("actor", "", "夜班 <&> night", "x"),
		AccountID: text("account", "", "01a20c68-0000-7000-8000-0000000000a1", "01a20c68-0000-7000-8000-0000000000a2"),
		SessionID: text("session", "", "01a20c68-0000-7000-8000-000000000051", "01a20c68-0000-7000-8000-000000000052"),
		Action:    realname.AuditAction(text("action", "session_started", "session_closed", "hash", "")),
		Status:    realname.Status(text("status", "", "verified", "canceled")),
	}
	if rapid.Bool().Draw(t, "imported") {
		a.Import = &realname.ImportedFile{SHA256: text("file", "aa", "bb"), Rows: rapid.Int().Draw(t, "rows"), Accounts: 1}
	}
	for range rapid.IntRange(0, 3).Draw(t, "fields") {
		a.Touched = append(a.Touched, text("field", "name", "uscc", "mobile"))
	}
	for _, f := range a.Touched {
		a.Fields = append(a.Fields, realname.AuditField{Field: f})
	}
	return a
}

func TestATrailIsReadAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := memory.New(timeNow)
		st := store.New(m)
		var want []realname.AuditEntry
		for range rapid.IntRange(1, 12).Draw(t, "changes") {
			var c realname.Change
			for range rapid.IntRange(1, 5).Draw(t, "entries") {
				c.Audit = append(c.Audit, anyEntry(t, len(want)+len(c.Audit)))
			}
			if err := st.Commit(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			for _, a := range c.Audit {
				a.Fields = nil
				want = append(want, a)
			}
		}
		got, err := st.Trail(t.Context(), uscc)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("got %+v, %v, want %+v", got, err, want)
		}
		entries, head, err := st.AuditTrail(t.Context(), uscc)
		if err != nil {
			t.Fatal(err)
		}
		if found := audit.Verify(entries, head); found != nil || head.Entries != int64(len(want)) {
			t.Fatalf("found %v, head %+v", found, head)
		}
		for _, it := range m.Dump() {
			if size := table.Size(it); size > 1024 {
				t.Fatalf("%s has %d bytes", it.Key.SK, size)
			}
		}
	})
}
