// Package store keeps accounts, enterprises and sessions in the table. Each file
// holds one kind of item: its key, its record, and nothing else; load.go and
// commit.go are the calls of realname.Store.
package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"realname/shared/table"
)

// Store implements realname.Store.
type Store struct {
	table table.Table
}

// New returns a store over the table.
func New(t table.Table) *Store { return &Store{table: t} }

// put encodes a record as the item's body. The version it replaces decides the
// condition: 0 means that the item must not exist yet.
func put(key table.Key, replaces int64, record any) (table.Item, table.Condition, error) {
	raw, err := json.Marshal(record)
	if err != nil {
		return table.Item{}, table.Condition{}, fmt.Errorf("encode %s: %w", key.SK, err)
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var body map[string]any
	if err := d.Decode(&body); err != nil {
		return table.Item{}, table.Condition{}, fmt.Errorf("encode %s: %w", key.SK, err)
	}
	return table.Item{Key: key, Version: replaces + 1, Body: body}, over(replaces), nil
}

// over is the condition of a write that replaces the given version.
func over(version int64) table.Condition {
	if version == 0 {
		return table.Absent()
	}
	return table.VersionIs(version)
}

// read decodes an item's body into a record.
func read(it table.Item, record any) error {
	raw, err := json.Marshal(it.Body)
	if err == nil {
		err = json.Unmarshal(raw, record)
	}
	if err != nil {
		return fmt.Errorf("decode %s: %w", it.Key.SK, err)
	}
	return nil
}

// instant writes times so that their order is that of their text.
func instant(t time.Time) string { return t.UTC().Format("20060102T150405.000000000Z") }
