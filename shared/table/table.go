// Package table is the one table as a port. Items are JSON objects under a
// partition and a sort key; writes are puts and deletes whose conditions are
// values, never expression strings. table/dynamo is Amazon DynamoDB,
// table/memory the embedded default; both pass the suite in table/contract.
package table

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Key is an item's primary key.
type Key struct{ PK, SK string }

// IndexKey is an item's key in a global secondary index. The zero value keeps
// the item out of the index.
type IndexKey struct{ PK, SK string }

// Item is one stored item.
type Item struct {
	Key     Key
	Version int64 // ≥ 1, chosen by the writer
	GSI1    IndexKey
	GSI2    IndexKey
	// Expires is the TTL in whole seconds; zero is never. An item at or past it
	// is as good as gone: no read returns it, and Absent holds over it.
	Expires time.Time
	// Body is a JSON object: string, bool, json.Number of up to 38 digits, nil,
	// []any and map[string]any, nested up to 31 deep; other types are ErrInvalid.
	// A nil Body comes back empty. Numbers keep their value, not their spelling:
	// 1.0 comes back as 1.
	Body map[string]any
}

// Index names where a query looks.
type Index string

// The table and its two global secondary indexes. Reads of an index are
// eventually consistent.
const (
	Primary Index = ""
	GSI1    Index = "GSI1"
	GSI2    Index = "GSI2"
)

// Query asks for the items of one partition in the order of their sort keys,
// which is that of their bytes.
type Query struct {
	Index      Index
	PK         string
	SKPrefix   string // not together with SKBelow
	SKBelow    string // exclusive upper bound
	Descending bool
	Limit      int    // items a page, up to 1000; 0 = 100
	After      string // Page.Next of the page before; the query may differ in Limit only
}

// Page is a part of a query's answer. Next is empty on the last one, and every
// other page is full; the page after a full one can be empty.
type Page struct {
	Items []Item
	Next  string
}

// Table is the port.
type Table interface {
	// Get reads up to 100 items in one call. Each is read strongly consistently,
	// the set of them is no snapshot. What does not exist is left out and the
	// order is undefined: look items up with Find.
	// Errors: ErrInvalid, ErrThrottled, ErrUnavailable.
	Get(ctx context.Context, keys ...Key) ([]Item, error)
	// Query reads a page: strongly consistent on Primary, eventually on the
	// others, where an item written a moment ago may still be missing or old.
	// Errors: ErrInvalid, ErrThrottled, ErrUnavailable.
	Query(ctx context.Context, q Query) (Page, error)
	// Transact writes all or nothing, up to 100 different keys and 4 MB. A refused
	// condition gives a *ConflictError. After ErrUnavailable it is unknown whether
	// anything was written, and a single write which the network doubled can be
	// refused although its first copy was written: read before trying again.
	// Errors: *ConflictError, ErrInvalid, ErrTooLarge, ErrThrottled, ErrUnavailable.
	Transact(ctx context.Context, writes ...Write) error
}

// Find returns the item with the key.
func Find(items []Item, k Key) (Item, bool) {
	for _, it := range items {
		if it.Key == k {
			return it, true
		}
	}
	return Item{}, false
}

// Errors of every adapter, wrapped with what was being done.
var (
	ErrThrottled   = errors.New("table: throttled")
	ErrUnavailable = errors.New("table: unavailable")
	ErrTooLarge    = errors.New("table: item over 400 KB or transaction over 4 MB")
	ErrInvalid     = errors.New("table: invalid request")
)

// Reason says why a write of a transaction was refused.
type Reason string

// Reasons of a refusal.
const (
	ConditionFailed Reason = "condition_failed"
	LostRace        Reason = "lost_race" // another transaction was at the item at the same time
)

// Change is what a transaction did to one item: Old is nil for a new item, New
// for a removed one.
type Change struct{ Old, New *Item }

// Refusal names one refused write of a transaction.
type Refusal struct {
	Index  int
	Key    Key
	Reason Reason
}

// ConflictError tells which writes were refused; nothing was written.
type ConflictError struct{ Refused []Refusal }

// Error tells no key, since a key can hold a login name.
func (e *ConflictError) Error() string {
	return fmt.Sprintf("table: %d conditions of the transaction were refused", len(e.Refused))
}
