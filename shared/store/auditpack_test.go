package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"realname/shared/audit"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/store/record"
	"realname/shared/table"
	"realname/shared/table/memory"
)

// life returns the audit entries of one verification, with IDs of the usual length.
func life(session int) []realname.AuditEntry {
	entry := func(n int, action realname.AuditAction, status realname.Status) realname.AuditEntry {
		return realname.AuditEntry{
			ID: fmt.Sprintf("01a20c68-0000-7000-8000-%08d%04d", session, n), At: now, USCC: uscc,
			AccountID: "01a20c68-0000-7000-8000-0000000000a1",
			SessionID: fmt.Sprintf("01a20c68-0000-7000-8000-%012d", session),
			Action:    action, Method: realname.LegalRepresentative, Status: status,
		}
	}
	return []realname.AuditEntry{
		entry(1, realname.AuditSessionStarted, ""), entry(2, realname.AuditCardBound, ""),
		entry(3, realname.AuditSessionClosed, realname.Verified),
	}
}

// audited commits the entries in a change each.
func audited(t *testing.T, st *store.Store, entries ...realname.AuditEntry) {
	t.Helper()
	for _, a := range entries {
		if err := st.Commit(t.Context(), realname.Change{Audit: []realname.AuditEntry{a}}); err != nil {
			t.Fatal(err)
		}
	}
}

func wholeTrail(t *testing.T, st *store.Store, want int) []map[string]any {
	t.Helper()
	entries, head, err := st.AuditTrail(t.Context(), uscc)
	if err != nil || len(entries) != want || head.Entries != int64(want) {
		t.Fatalf("%d entries, head %+v, %v, want %d", len(entries), head, err, want)
	}
	if found := audit.Verify(entries, head); found != nil {
		t.Fatalf("found %v", found)
	}
	return entries
}

// itemsOfTrail returns the head's item, and the others in their order.
func itemsOfTrail(m *memory.Table) (head table.Item, others []table.Item) {
	for _, it := range m.Dump() {
		switch {
		case it.Key.SK == "TRAIL":
			head = it
		case strings.HasPrefix(it.Key.SK, "AUDIT#"):
			others = append(others, it)
		}
	}
	return head, others
}

func TestTheHeadHoldsTheEntriesOfAVerification(t *testing.T) {
	m := memory.New(timeNow)
	st := store.New(m)
	audited(t, st, life(1)...)
	if head, others := itemsOfTrail(m); len(others) != 0 || table.Size(head) > 1024 {
		t.Errorf("%d items beside a head of %d bytes", len(others), table.Size(head))
	}
	entries := wholeTrail(t, st, 3)
	want := map[string]any{
		"id": "01a20c68-0000-7000-8000-000000010003", "at": now.Format("2006-01-02T15:04:05.999999999Z07:00"), "uscc": uscc,
		"accountId": "01a20c68-0000-7000-8000-0000000000a1", "sessionId": "01a20c68-0000-7000-8000-000000000001",
		"action": "session_closed", "method": "legal_representative", "status": "verified",
		"seq": json.Number("3"), "prev": entries[1]["hash"], "hash": entries[2]["hash"],
	}
	if !reflect.DeepEqual(entries[2], want) {
		t.Errorf("got %v, want %v", entries[2], want)
	}
	read, err := st.Trail(t.Context(), uscc)
	if err != nil || !reflect.DeepEqual(read, life(1)) {
		t.Errorf("got %+v, %v", read, err)
	}
}

func TestEntriesGetItemsOfAKilobyte(t *testing.T) {
	m := memory.New(timeNow)
	st := store.New(m)
	var all []realname.AuditEntry
	for session := range 10 {
		all = append(all, life(session)...)
	}
	audited(t, st, all...)
	wholeTrail(t, st, 30)
	head, others := itemsOfTrail(m)
	for _, it := range append(others, head) {
		if size := table.Size(it); size > 1024 {
			t.Errorf("%s has %d bytes", it.Key.SK, size)
		}
	}
	if len(others) < 5 || len(others) > 10 {
		t.Errorf("30 entries are in %d items", len(others))
	}
	if read, err := st.Trail(t.Context(), uscc); err != nil || !reflect.DeepEqual(read, all) {
		t.Errorf("%+v, %v", read, err)
	}
}

func TestAnEntryAboveAKilobyteIsKept(t *testing.T) {
	m := memory.New(timeNow)
	st := store.New(m)
	long := life(1)[0]
	long.Actor = strings.Repeat("long ", 300)
	change := realname.Change{Audit: append([]realname.AuditEntry{long}, life(2)...)} // several in one change
	if err := st.Commit(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	audited(t, st, long, life(3)[0])
	if got := wholeTrail(t, st, 6); got[4]["actor"] != long.Actor {
		t.Errorf("%v", got)
	}
}

// formerTrail stores a trail of version 1.0.0: an item for each entry, and a head that
// counts them.
func formerTrail(t *testing.T, m table.Table, entries ...string) {
	t.Helper()
	head := map[string]any{"entries": json.Number(fmt.Sprint(len(entries))), "notices": json.Number("2"), "hash": ""}
	for i, id := range entries {
		e := map[string]any{
			"id": id, "at": "2026-03-02T09:00:00Z", "uscc": uscc, "accountId": "a1", "action": "session_started",
		}
		hash, err := audit.Chain(e, int64(i+1), head["hash"].(string))
		if err != nil {
			t.Fatal(err)
		}
		head["hash"] = hash
		key := table.Key{PK: "ENTERPRISE#" + uscc, SK: fmt.Sprintf("AUDIT#%012d", i+1)}
		if err := m.Transact(t.Context(), table.Put(table.Item{Key: key, Version: 1, Body: e}, table.Absent())); err != nil {
			t.Fatal(err)
		}
	}
	key := table.Key{PK: "ENTERPRISE#" + uscc, SK: "TRAIL"}
	it := table.Item{Key: key, Version: int64(len(entries)), Body: head}
	if err := m.Transact(t.Context(), table.Put(it, table.Absent())); err != nil {
		t.Fatal(err)
	}
}

func TestATrailOfVersion1IsContinued(t *testing.T) {
	m := memory.New(timeNow)
	st := store.New(m)
	formerTrail(t, m, "e1", "e2", "e3")
	wholeTrail(t, st, 3)
	if err := st.Commit(t.Context(), closing("s4")); err != nil {
		t.Fatal(err)
	}
	var all []realname.AuditEntry
	for session := range 3 {
		all = append(all, life(session)...)
	}
	audited(t, st, all...)
	entries := wholeTrail(t, st, 13)
	if entries[0]["id"] != "e1" || entries[3]["id"] != "a-s4" || entries[3]["prev"] != entries[2]["hash"] {
		t.Errorf("%v", entries)
	}
	noticeItem(t, m, "000000000003") // after the two that the former head counts
}

// Functions of version 1.0.0 may run beside these. They read the head into numbers and
// texts, and fail.
func TestAFormerFunctionDoesNotDropTheEntriesOfAHead(t *testing.T) {
	m := memory.New(timeNow)
	audited(t, store.New(m), life(1)[0])
	head, _ := itemsOfTrail(m)
	raw, err := json.Marshal(head.Body)
	if err != nil {
		t.Fatal(err)
	}
	var former struct {
		Entries int64  `json:"entries"`
		Hash    string `json:"hash"`
		Notices int64  `json:"notices"`
	}
	var wrong *json.UnmarshalTypeError
	if err := json.Unmarshal(raw, &former); !errors.As(err, &wrong) || wrong.Field != "entries" {
		t.Errorf("it reads %+v, %v", former, err)
	}
	if err := record.Decode(head.Body, &former); err == nil {
		t.Errorf("a later one reads %+v", former)
	}
}

// flushing runs a change after each read of the heads.
type flushing struct {
	table.Table
	after func()
}

func (f *flushing) Get(ctx context.Context, keys ...table.Key) ([]table.Item, error) {
	items, err := f.Table.Get(ctx, keys...)
	if f.after != nil && keys[0].SK == "TRAIL" {
		f.after()
		f.after = nil
	}
	return items, err
}

func TestEntriesThatMoveDuringAReadAreReadOnce(t *testing.T) {
	under := &flushing{Table: memory.New(timeNow)}
	st := store.New(under)
	audited(t, st, life(1)...)
	under.after = func() {
		under.after = nil
		for session := 2; ; session++ {
			audited(t, st, life(session)...)
			if _, others := itemsOfTrail(under.Table.(*memory.Table)); len(others) > 0 {
				return
			}
		}
	}
	entries, head, err := st.AuditTrail(t.Context(), uscc)
	if err != nil || head.Entries != 3 || len(entries) < 3 {
		t.Fatalf("%d entries, head %+v, %v", len(entries), head, err)
	}
	if found := audit.Verify(entries[:3], head); found != nil {
		t.Errorf("found %v", found)
	}
}

func TestTamperingWithTheTableIsFound(t *testing.T) {
	inHead := func(change func(entries []any) []any) func(*testing.T, *memory.Table) {
		return func(t *testing.T, m *memory.Table) {
			head, _ := itemsOfTrail(m)
			edit(t, m, head, func(body map[string]any) { body["entries"] = change(body["entries"].([]any)) })
		}
	}
	inItem := func(change func(body map[string]any)) func(*testing.T, *memory.Table) {
		return func(t *testing.T, m *memory.Table) {
			_, others := itemsOfTrail(m)
			edit(t, m, others[1], change)
		}
	}
	other := func(e any) { e.(map[string]any)["id"] = "other" }
	from := func(first, last int64, f audit.Fault) (all []audit.Finding) {
		for seq := first; seq <= last; seq++ {
			all = append(all, audit.Finding{Seq: seq, Fault: f})
		}
		return all
	}
	// Entries 1 to 6 and 7 to 12 have items of their own, 13 to 15 are in the head.
	for name, c := range map[string]struct {
		damage func(*testing.T, *memory.Table)
		want   []audit.Finding
	}{
		"nothing":                 {func(*testing.T, *memory.Table) {}, nil},
		"the last one, in a head": {inHead(func(e []any) []any { other(e[2]); return e }), from(15, 15, audit.Changed)},
		"the last one removed from a head": { // the others get its place, with another number
			inHead(func(e []any) []any { return e[:2] }),
			append(append(from(13, 13, audit.Missing), from(14, 15, audit.Changed)...), from(15, 15, audit.HeadLost)...),
		},
		"one of an item": {
			inItem(func(body map[string]any) { other(body["entries"].([]any)[1]) }), from(8, 8, audit.Changed),
		},
		"what an item's entries have in common": {
			inItem(func(body map[string]any) { body["common"].(map[string]any)["accountId"] = "other" }),
			from(7, 12, audit.Changed),
		},
		"an item's link": {
			inItem(func(body map[string]any) { delete(body, "prev") }), from(7, 7, audit.Changed),
		},
		"an item's last one removed": {
			inItem(func(body map[string]any) { body["entries"] = body["entries"].([]any)[:5] }),
			from(12, 12, audit.Missing),
		},
		"an item without its entries": {
			inItem(func(body map[string]any) { delete(body, "entries") }),
			append(from(0, 0, audit.Unexpected), from(7, 12, audit.Missing)...),
		},
		"no entries, but other values": {
			inItem(func(body map[string]any) {
				body["entries"] = []any{"x", json.Number("1"), nil, true, []any{}, map[string]any{}}
			}),
			append(from(7, 12, audit.Changed), from(13, 13, audit.Unchained)...),
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := memory.New(timeNow)
			st := store.New(m)
			for range 5 {
				audited(t, st, life(1)...)
			}
			c.damage(t, m)
			entries, head, err := st.AuditTrail(t.Context(), uscc)
			if err != nil {
				t.Fatal(err)
			}
			if got := audit.Verify(entries, head); !reflect.DeepEqual(got, c.want) {
				t.Errorf("found %v, want %v", got, c.want)
			}
			// Entries that follow do not repair it.
			audited(t, st, append(life(8), life(9)...)...)
			if entries, head, err = st.AuditTrail(t.Context(), uscc); err != nil {
				t.Fatal(err)
			}
			if got := audit.Verify(entries, head); (got == nil) != (c.want == nil) {
				t.Errorf("after more entries: %v", got)
			}
		})
	}
}

// A head that holds all entries has no other items beside it.
func TestAnItemBesideAWholeHeadIsFound(t *testing.T) {
	m := memory.New(timeNow)
	st := store.New(m)
	audited(t, st, life(1)...)
	inserted := table.Item{
		Key: table.Key{PK: "ENTERPRISE#" + uscc, SK: "AUDIT#000000000001"}, Version: 1,
		Body: map[string]any{"id": "e1", "seq": json.Number("4"), "hash": "", "prev": ""},
	}
	if err := m.Transact(t.Context(), table.Put(inserted, table.Always())); err != nil {
		t.Fatal(err)
	}
	entries, head, err := st.AuditTrail(t.Context(), uscc)
	if err != nil {
		t.Fatal(err)
	}
	want := []audit.Finding{{Seq: 4, Fault: audit.Unexpected}}
	if got := audit.Verify(entries, head); !reflect.DeepEqual(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
}

// What staff read of a trail is what its verification reads, also if somebody inserted an
// item that neither expects.
func TestNobodyReadsAnEntryThatNoVerificationSees(t *testing.T) {
	m := memory.New(timeNow)
	st := store.New(m)
	audited(t, st, life(1)...)
	forged := map[string]any{"id": "forged", "action": string(realname.AuditSessionClosed)}
	item := table.Item{Key: table.Key{PK: "ENTERPRISE#" + uscc, SK: "AUDIT#000000000009"}, Version: 1, Body: forged}
	if err := m.Transact(t.Context(), table.Put(item, table.Absent())); err != nil {
		t.Fatal(err)
	}
	verified, _, err := st.AuditTrail(t.Context(), uscc)
	if err != nil {
		t.Fatal(err)
	}
	read, err := st.Trail(t.Context(), uscc)
	if err != nil || len(read) != len(verified) {
		t.Errorf("%d entries are verified, %d read: %+v, %v", len(verified), len(read), read, err)
	}
}

func edit(t *testing.T, m *memory.Table, it table.Item, change func(body map[string]any)) {
	t.Helper()
	change(it.Body)
	if err := m.Transact(t.Context(), table.Put(it, table.Always())); err != nil {
		t.Fatal(err)
	}
}
