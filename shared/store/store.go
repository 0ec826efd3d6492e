// Package store stores accounts, enterprises and sessions in the table. Each file
// contains the key and the record of one kind of item. load.go and commit.go contain
// the calls of realname.Store.
package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"realname/shared/store/record"
	"realname/shared/table"
)

// Store implements realname.Store.
type Store struct {
	table table.Table
}

// New returns a store over the table.
func New(t table.Table) *Store { return &Store{table: t} }

// put encodes a record as the item's body and returns the condition of its write: the
// stored version equals replaces; for 0, the item must not exist yet.
func put(key table.Key, replaces int64, of any) (table.Item, table.Condition, error) {
	body, err := record.Encode(of)
	if err != nil {
		return table.Item{}, table.Condition{}, fmt.Errorf("encode %s: %w", key.SK, err)
	}
	return table.Item{Key: key, Version: replaces + 1, Body: body}, over(replaces), nil
}

// over returns the condition of a write that replaces the given version.
func over(version int64) table.Condition {
	if version == 0 {
		return table.Absent()
	}
	return table.VersionIs(version)
}

// read decodes an item's body into a record.
func read(it table.Item, into any) error {
	if err := record.Decode(it.Body, into); err != nil {
		return fmt.Errorf("decode %s: %w", it.Key.SK, err)
	}
	return nil
}

// whole reads the items that a page of an index lists, in the order of the page. It
// omits those that no longer exist.
func (s *Store) whole(ctx context.Context, listed []table.Item) ([]table.Item, error) {
	items := make([]table.Item, 0, len(listed))
	for some := range slices.Chunk(listed, table.MaxKeys) {
		keys := make([]table.Key, len(some))
		for i, it := range some {
			keys[i] = it.Key
		}
		found, err := s.table.Get(ctx, keys...)
		if err != nil {
			return nil, err
		}
		for _, k := range keys {
			if it, ok := table.Find(found, k); ok {
				items = append(items, it)
			}
		}
	}
	return items, nil
}

// instant formats a time so that the texts sort in the order of the times.
func instant(t time.Time) string { return t.UTC().Format(instantLayout) }

func parseInstant(text string) (time.Time, error) { return time.Parse(instantLayout, text) }

const instantLayout = "20060102T150405.000000000Z"
