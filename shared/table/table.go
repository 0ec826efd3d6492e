// Package table is the port of the only table. Items are JSON objects under a
// partition key and a sort key. Writes are puts and deletes with conditions, which
// are values and never expression strings. The adapters are table/dynamo for Amazon
// DynamoDB, table/sqlite for a single machine that keeps its data, and table/memory
// for one that does not. All pass the suite in table/contract.
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
	// Expires is the TTL in whole seconds; zero means never. At that instant the item
	// expires: no read returns it, and Absent holds for it.
	Expires time.Time
	// Body is a JSON object: string, bool, json.Number of up to 38 digits, nil,
	// []any and map[string]any, nested up to 31 deep. Other types are ErrInvalid. A
	// nil Body is read back as an empty one. Numbers keep their value but not their
	// spelling: 1.0 is read back as 1.
	Body map[string]any
}

// Index names the table or one of its indexes.
type Index string

// The table and its two global secondary indexes. Reads of an index are
// eventually consistent. An index projects keys only: a query of it returns each item
// as AtIndex leaves it, and may list an item that has expired.
const (
	Primary Index = ""
	GSI1    Index = "GSI1"
	GSI2    Index = "GSI2"
)

// AtIndex returns what an index projects of an item: its key and its key in the index.
// A write that leaves both as they are costs nothing in the index.
func (it Item) AtIndex(index Index) Item {
	projected := Item{Key: it.Key}
	switch index {
	case GSI1:
		projected.GSI1 = it.GSI1
	case GSI2:
		projected.GSI2 = it.GSI2
	}
	return projected
}

// Query selects the items of one partition, in the byte order of their sort keys.
type Query struct {
	Index      Index
	PK         string
	SKPrefix   string // not together with SKBelow
	SKBelow    string // exclusive upper bound
	Descending bool
	Limit      int    // items per page, up to 1000; 0 means 100
	After      string // Page.Next of the previous page; only Limit may differ between the queries
}

// Page is a part of a query's result. Next is empty on the last page, and every
// other page is full. The last page can be empty.
type Page struct {
	Items []Item
	Next  string
}

// Table is the port.
type Table interface {
	// Get reads up to MaxKeys items in one call. Each read is strongly consistent, but the
	// items together are not a snapshot. Get omits items that do not exist and returns
	// the others in any order: select items with Find.
	// Errors: ErrInvalid, ErrThrottled, ErrUnavailable.
	Get(ctx context.Context, keys ...Key) ([]Item, error)
	// Query reads a page. It is strongly consistent on Primary. On the other indexes it
	// is eventually consistent: an item written a moment ago may be missing, or listed at
	// its old place.
	// Errors: ErrInvalid, ErrThrottled, ErrUnavailable.
	Query(ctx context.Context, q Query) (Page, error)
	// Transact writes all or nothing, up to MaxWrites different keys and 4 MB. A refused
	// condition is a *ConflictError. After ErrUnavailable, the writes may or may not
	// have happened. If the network duplicates a single write, the second copy can be
	// refused although the first was written: read before you repeat it. An adapter that
	// repeats a put by itself finds that out, unless another caller put the same item at
	// the same version: whoever guards a limit puts something of its own into the item.
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

// Errors of every adapter, wrapped with the name of the operation.
var (
	ErrThrottled   = errors.New("table: throttled")
	ErrUnavailable = errors.New("table: unavailable")
	ErrTooLarge    = errors.New("table: item over 400 KB or transaction over 4 MB")
	ErrInvalid     = errors.New("table: invalid request")
)

// Reason is the reason why a write of a transaction was refused.
type Reason string

// Reasons of a refusal.
const (
	ConditionFailed Reason = "condition_failed"
	LostRace        Reason = "lost_race" // another transaction wrote the item at the same time
)

// Change is the change of one item by a transaction: its key and its versions before and
// after. Old is 0 for a new item, New is 0 for a removed one.
type Change struct {
	Key      Key
	Old, New int64
}

// Refusal names one refused write of a transaction.
type Refusal struct {
	Index  int
	Key    Key
	Reason Reason
}

// ConflictError holds the refused writes of a transaction, which wrote nothing.
type ConflictError struct{ Refused []Refusal }

// Error does not contain keys, since a key can hold a login name.
func (e *ConflictError) Error() string {
	return fmt.Sprintf("table: %d conditions of the transaction were refused", len(e.Refused))
}
