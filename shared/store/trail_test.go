package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"realname/shared/audit"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table"
	"realname/shared/table/memory"
)

const uscc = "91130100MA0R01NM09"

// closing returns a change that closes a session of the enterprise.
func closing(id string) realname.Change {
	return realname.Change{
		Writes: []realname.Write{session(id)},
		Audit: []realname.AuditEntry{{
			ID: "a-" + id, At: now, USCC: uscc, AccountID: "a1", SessionID: id, Action: realname.AuditSessionClosed,
		}},
		Announcements: []realname.Announcement{
			{ID: "n1-" + id, Type: realname.EnterpriseVerified, At: now, USCC: uscc, SessionID: id},
			{ID: "n2-" + id, Type: realname.SessionClosed, At: now, USCC: uscc, SessionID: id},
		},
	}
}

func TestChangesOfOneEnterpriseAtOnceAreChainedWithoutConflict(t *testing.T) {
	m := memory.New(timeNow)
	st := store.New(m)
	var all sync.WaitGroup
	for i := range 6 { // fewer than trailTries, so that no change can lose every time
		all.Go(func() {
			if err := st.Commit(t.Context(), closing(fmt.Sprint("s", i))); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	entries, head, err := st.AuditTrail(t.Context(), uscc)
	if err != nil || len(entries) != 6 || head.Entries != 6 {
		t.Fatalf("%d entries, head %+v, %v", len(entries), head, err)
	}
	if found := audit.Verify(entries, head); found != nil {
		t.Errorf("found %v", found)
	}
	for i := range 6 {
		items, err := m.Get(t.Context(), table.Key{PK: "OUTBOX#" + uscc, SK: fmt.Sprintf("EVENT#%012d", i+1)})
		if err != nil || len(items) != 1 || len(items[0].Body["events"].([]any)) != 2 {
			t.Errorf("notice %d: %v %v", i+1, items, err)
		}
	}
}

// lengthOf is the length of a trail. Every tenth is longer than what a head holds.
func lengthOf(i int) int {
	if i%10 == 0 {
		return 40
	}
	return i%3 + 1
}

func TestTrailsOfManyEnterprisesAreReadInGroups(t *testing.T) {
	const n = 60
	under := memory.New(timeNow)
	st := store.New(under)
	codes := make([]string, n)
	for i := range n {
		codes[i] = fmt.Sprintf("CODE%014d", i)
		for entry := range lengthOf(i) {
			c := realname.Change{Audit: []realname.AuditEntry{{ID: fmt.Sprint(i, entry), At: now, USCC: codes[i]}}}
			if err := st.Commit(t.Context(), c); err != nil {
				t.Fatal(err)
			}
		}
	}
	ctx, counter := table.WithCounter(t.Context())
	lengths := make([]int, n)
	counted := store.New(table.Counted(under))
	err := counted.AuditTrails(ctx, codes, func(i int, entries []map[string]any, head audit.Head) error {
		lengths[i] = len(entries)
		if found := audit.Verify(entries, head); found != nil {
			t.Errorf("enterprise %d: %v", i, found)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, length := range lengths {
		if length != lengthOf(i) {
			t.Errorf("enterprise %d has %d entries", i, length)
		}
	}
	if calls := counter.Calls(); calls != 2+n/10 { // the heads of 50, and a query of each long trail
		t.Errorf("%d calls of the table for %d trails", calls, n)
	}
	stop := errors.New("stop")
	err = st.AuditTrails(t.Context(), codes, func(int, []map[string]any, audit.Head) error { return stop })
	if !errors.Is(err, stop) {
		t.Errorf("the error of a call is lost: %v", err)
	}
}

func TestAHeadReadAlongSavesACallAndAStaleOneIsReadAnew(t *testing.T) {
	st := store.New(table.Counted(memory.New(timeNow)))
	commit := func(id string, head *realname.TrailHead, want int64) {
		t.Helper()
		ctx, calls := table.WithCounter(context.WithoutCancel(t.Context()))
		c := closing(id)
		c.Trail = head
		if err := st.Commit(ctx, c); err != nil || calls.Calls() != want {
			t.Errorf("%s: %v in %d calls, want %d", id, err, calls.Calls(), want)
		}
	}
	view, err := st.LoadSession(t.Context(), realname.SessionQuery{SessionID: "none", USCC: uscc})
	if err != nil {
		t.Fatal(err)
	}
	commit("s1", view.Trail, 1)
	commit("s2", view.Trail, 3)
	commit("s3", nil, 2)
	commit("s4", &realname.TrailHead{USCC: "91130100MA0R02FL1P", Version: 7}, 2)
	entries, head, err := st.AuditTrail(t.Context(), uscc)
	if found := audit.Verify(entries, head); err != nil || len(entries) != 4 || found != nil {
		t.Errorf("%d entries: %v %v", len(entries), found, err)
	}
}
