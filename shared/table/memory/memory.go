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
	"realname/shared/table/packed"
)

// Table is a table in memory, safe for concurrent use. Callers get copies. It keeps
// bodies in their packed form, which takes a fraction of the memory, and of the garbage
// collector's time.
type Table struct {
	now func() time.Time

	mu      sync.RWMutex
	items   map[table.Key]stored
	indexes map[table.Index]*btree.BTreeG[table.Place]
	feed.Feed
}

// New returns an empty table; now decides which items have expired.
func New(now func() time.Time) *Table {
	t := &Table{
		now:     now,
		items:   map[table.Key]stored{},
		indexes: map[table.Index]*btree.BTreeG[table.Place]{},
	}
	for _, name := range []table.Index{table.Primary, table.GSI1, table.GSI2} {
		t.indexes[name] = btree.NewBTreeGOptions(table.Place.Before, btree.Options{NoLocks: true})
	}
	return t
}

// stored is an item whose body is packed.
type stored struct {
	table.Item
	packed string
}

func pack(it table.Item) (s stored, err error) {
	s.packed, err = packed.Pack(it.Body)
	s.Item, s.Body = it, nil
	if !it.Expires.IsZero() {
		s.Expires = time.Unix(it.Expires.Unix(), 0).UTC()
	}
	return s, err
}

func (s stored) item() (table.Item, error) {
	var err error
	s.Body, err = packed.Unpack(s.packed)
	return s.Item, err
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
		if s, ok := t.live(k); ok {
			it, err := s.item()
			if err != nil {
				return nil, fmt.Errorf("get: %w", err)
			}
			found = append(found, it)
		}
	}
	return found, nil
}

// live returns the item unless it has expired. The caller holds the lock.
func (t *Table) live(k table.Key) (stored, bool) {
	it, ok := t.items[k]
	return it, ok && (it.Expires.IsZero() || it.Expires.Unix() > t.now().Unix())
}

// Dump returns every stored item, including expired ones, ordered by key.
func (t *Table) Dump() []table.Item {
	t.mu.RLock()
	defer t.mu.RUnlock()
	all := make([]table.Item, 0, len(t.items))
	t.indexes[table.Primary].Scan(func(p table.Place) bool {
		it, err := t.items[p.Key].item()
		if err != nil {
			panic(err) // the table has packed it
		}
		all = append(all, it)
		return true
	})
	return all
}
