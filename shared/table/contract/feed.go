package contract

import (
	"testing"
	"time"

	"realname/shared/table"
)

// Fed is a table with a change feed in this process.
type Fed interface {
	table.Table
	Subscribe(prefix string, hear func(table.Change)) (cancel func())
}

// RunFeed runs the suite of the change feed.
func RunFeed(t *testing.T, open func(t *testing.T, now func() time.Time) Fed) {
	t.Run("subscribers receive commits in order", func(t *testing.T) { testFeedOrder(t, open(t, time.Now)) })
	t.Run("subscribers receive their partitions only", func(t *testing.T) { testFeedPrefix(t, open(t, time.Now)) })
}

func testFeedOrder(t *testing.T, m Fed) {
	heard := make(chan table.Change, 10)
	key := table.Key{PK: "p", SK: "a"}
	cancel := m.Subscribe("", func(c table.Change) {
		// Calling the table from here must not deadlock.
		if _, err := m.Get(t.Context(), key); err != nil {
			t.Error(err)
		}
		heard <- c
	})
	defer cancel()
	write := func(w table.Write) error { return m.Transact(t.Context(), w) }
	item := func(version int64) table.Item {
		return table.Item{Key: key, Version: version, Body: map[string]any{"text": "old"}}
	}
	for _, w := range []table.Write{
		table.Put(item(1), table.Absent()),
		table.Put(item(2), table.VersionIs(1)),
		table.Delete(key, table.Always()),
		table.Delete(key, table.Always()), // changes nothing
		table.Put(item(4), table.Always()),
	} {
		if err := write(w); err != nil {
			t.Fatal(err)
		}
	}
	if write(table.Put(item(5), table.VersionIs(9))) == nil {
		t.Fatal("not refused")
	}
	for _, want := range [][2]int64{{0, 1}, {1, 2}, {2, 0}, {0, 4}} {
		if c := <-heard; c != (table.Change{Key: key, Old: want[0], New: want[1]}) {
			t.Fatalf("heard %+v, want %d to %d", c, want[0], want[1])
		}
	}
	cancel()
	if err := write(table.Delete(key, table.Always())); err != nil {
		t.Fatal(err)
	}
	if len(heard) != 0 {
		t.Fatal("received a change after cancel")
	}
}

func testFeedPrefix(t *testing.T, m Fed) {
	heard := make(chan string, 10)
	defer m.Subscribe("OUTBOX#", func(c table.Change) { heard <- c.Key.PK })()
	for _, pk := range []string{"ACCOUNT#1", "OUTBOX#1", "ZERO#1", "OUTBOX#2"} {
		it := table.Item{Key: table.Key{PK: pk, SK: "a"}, Version: 1}
		if err := m.Transact(t.Context(), table.Put(it, table.Always())); err != nil {
			t.Fatal(err)
		}
	}
	if one, two := <-heard, <-heard; one != "OUTBOX#1" || two != "OUTBOX#2" || len(heard) != 0 {
		t.Errorf("heard %s, %s and %d more", one, two, len(heard))
	}
}
