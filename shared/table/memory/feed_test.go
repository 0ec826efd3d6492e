package memory_test

import (
	"testing"
	"time"

	"realname/shared/table"
	"realname/shared/table/memory"
)

func TestSubscribersReceiveCommitsInOrder(t *testing.T) {
	m := memory.New(time.Now)
	heard := make(chan table.Change, 10)
	cancel := m.Subscribe(func(c table.Change) {
		// Calling the table from here must not deadlock.
		if _, err := m.Get(t.Context(), table.Key{PK: "p", SK: "a"}); err != nil {
			t.Error(err)
		}
		if c.New != nil {
			c.New.Body["changed"] = true
		}
		heard <- c
	})
	key := table.Key{PK: "p", SK: "a"}
	write := func(w table.Write) error { return m.Transact(t.Context(), w) }
	for _, w := range []table.Write{
		table.Put(table.Item{Key: key, Version: 1}, table.Absent()),
		table.Put(table.Item{Key: key, Version: 2}, table.VersionIs(1)),
		table.Delete(key, table.Always()),
		table.Delete(key, table.Always()), // changes nothing
		table.Put(table.Item{Key: key, Version: 4}, table.Always()),
	} {
		if err := write(w); err != nil {
			t.Fatal(err)
		}
	}
	if write(table.Put(table.Item{Key: key, Version: 5}, table.VersionIs(9))) == nil {
		t.Fatal("not refused")
	}
	version := func(it *table.Item) int64 {
		if it == nil {
			return 0
		}
		return it.Version
	}
	for _, want := range [][2]int64{{0, 1}, {1, 2}, {2, 0}, {0, 4}} {
		c := <-heard
		if version(c.Old) != want[0] || version(c.New) != want[1] {
			t.Fatalf("heard %d to %d, want %v", version(c.Old), version(c.New), want)
		}
	}
	if got := m.Dump(); len(got) != 1 || len(got[0].Body) != 0 {
		t.Fatalf("a subscriber changed a stored item: %+v", got)
	}
	cancel()
	if err := write(table.Delete(key, table.Always())); err != nil {
		t.Fatal(err)
	}
	if len(heard) != 0 {
		t.Fatal("received a change after cancel")
	}
}
