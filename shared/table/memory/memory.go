// Package memory implements the table in memory, the embedded default. Its contents
// end with the process.
package memory

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/tidwall/btree"

	"realname/shared/table"
	"realname/shared/table/feed"
)

// Table is a table in memory, safe for concurrent use. It replaces stored items and
// never modifies them; callers get copies.
type Table struct {
	now func() time.Time

	mu      sync.RWMutex
	items   map[table.Key]table.Item
	indexes map[table.Index]*btree.BTreeG[table.Place]
	feed.Feed
}

// New returns an empty table; now decides which items have expired.
func New(now func() time.Time) *Table {
	t := &Table{
		now:     now,
		items:   map[table.Key]table.Item{},
		indexes: map[table.Index]*btree.BTreeG[table.Place]{},
	}
	for _, name := range []table.Index{table.Primary, table.GSI1, table.GSI2} {
		t.indexes[name] = btree.NewBTreeGOptions(table.Place.Before, btree.Options{NoLocks: true})
	}
	return t
}

// Get implements table.Table.
func (t *Table) Get(ctx context.Context, keys ...table.Key) ([]table.Item, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("get: %w: %w", table.ErrUnavailable, err)
	}
	keys, err := table.DistinctKeys(keys)
	if err != nil {
		return nil, fmt.Errorf("get: %w", err)
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	var found []table.Item
	for _, k := range keys {
		if it, ok := t.live(k); ok {
			found = append(found, it.Clone())
		}
	}
	return found, nil
}

// live returns the item unless it has expired. The caller holds the lock.
func (t *Table) live(k table.Key) (table.Item, bool) {
	it, ok := t.items[k]
	return it, ok && (it.Expires.IsZero() || it.Expires.Unix() > t.now().Unix())
}

// Dump returns every stored item, including expired ones, ordered by key.
func (t *Table) Dump() []table.Item {
	t.mu.RLock()
	defer t.mu.RUnlock()
	all := make([]table.Item, 0, len(t.items))
	t.indexes[table.Primary].Scan(func(p table.Place) bool {
		all = append(all, t.items[p.Key].Clone())
		return true
	})
	return all
}
