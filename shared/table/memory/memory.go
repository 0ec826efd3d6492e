// Package memory is the table of the embedded default. It keeps nothing after
// its process ends.
package memory

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tidwall/btree"

	"realname/shared/table"
	"realname/shared/table/dynamojson"
)

// Table is a table in memory, safe for concurrent use.
type Table struct {
	now func() time.Time

	mu      sync.RWMutex
	items   map[table.Key]table.Item
	indexes map[table.Index]*btree.BTreeG[entry]
}

// entry is an item's place in one index; pk and sk are the index's own keys.
type entry struct {
	pk, sk string
	key    table.Key
}

func before(a, b entry) bool {
	if a.pk != b.pk {
		return a.pk < b.pk
	}
	if a.sk != b.sk {
		return a.sk < b.sk
	}
	if a.key.PK != b.key.PK {
		return a.key.PK < b.key.PK
	}
	return a.key.SK < b.key.SK
}

// New returns an empty table; now decides which items have expired.
func New(now func() time.Time) *Table {
	t := &Table{now: now, items: map[table.Key]table.Item{}, indexes: map[table.Index]*btree.BTreeG[entry]{}}
	for _, name := range []table.Index{table.Primary, table.GSI1, table.GSI2} {
		t.indexes[name] = btree.NewBTreeGOptions(before, btree.Options{NoLocks: true})
	}
	return t
}

// Get implements table.Table.
func (t *Table) Get(ctx context.Context, keys ...table.Key) ([]table.Item, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("%w: %w", table.ErrUnavailable, err)
	}
	if len(keys) == 0 || len(keys) > 100 {
		return nil, fmt.Errorf("%w: %d keys in a get", table.ErrInvalid, len(keys))
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	var found []table.Item
	for _, k := range keys {
		if it, ok := t.live(k); ok {
			found = append(found, clone(it))
		}
	}
	return found, nil
}

// live returns the item unless it has expired. The caller holds the lock.
func (t *Table) live(k table.Key) (table.Item, bool) {
	it, ok := t.items[k]
	return it, ok && !t.expired(it)
}

func (t *Table) expired(it table.Item) bool {
	return !it.Expires.IsZero() && it.Expires.Unix() <= t.now().Unix()
}

// Query implements table.Table.
func (t *Table) Query(ctx context.Context, q table.Query) (table.Page, error) {
	if err := ctx.Err(); err != nil {
		return table.Page{}, fmt.Errorf("%w: %w", table.ErrUnavailable, err)
	}
	after, err := decodeCursor(q.After)
	if err != nil {
		return table.Page{}, err
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	index, ok := t.indexes[q.Index]
	if !ok || q.PK == "" || q.SKPrefix != "" && q.SKBelow != "" {
		return table.Page{}, fmt.Errorf("%w: query", table.ErrInvalid)
	}
	limit := q.Limit
	if limit <= 0 {
		limit = 100
	}
	var page table.Page
	visit := func(e entry) bool {
		if e.pk != q.PK {
			return false
		}
		if after != nil && e == *after {
			return true
		}
		if !strings.HasPrefix(e.sk, q.SKPrefix) || q.SKBelow != "" && e.sk >= q.SKBelow {
			return false
		}
		it, ok := t.live(e.key)
		if !ok {
			return true
		}
		if len(page.Items) == limit {
			last := page.Items[limit-1]
			page.Next = encodeCursor(entryOf(last, q.Index))
			return false
		}
		page.Items = append(page.Items, clone(it))
		return true
	}
	if q.Descending {
		index.Descend(startDescending(q, after), visit)
	} else {
		index.Ascend(startAscending(q, after), visit)
	}
	return page, nil
}

func startAscending(q table.Query, after *entry) entry {
	if after != nil {
		return *after
	}
	return entry{pk: q.PK, sk: q.SKPrefix}
}

// highest sorts after every sort key: UTF-8 text holds no byte 0xFF.
const highest = "\xff"

func startDescending(q table.Query, after *entry) entry {
	switch {
	case after != nil:
		return *after
	case q.SKBelow != "":
		return entry{pk: q.PK, sk: q.SKBelow}
	}
	return entry{pk: q.PK, sk: q.SKPrefix + highest}
}

// Transact implements table.Table.
func (t *Table) Transact(ctx context.Context, writes ...table.Write) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%w: %w", table.ErrUnavailable, err)
	}
	if err := table.Validate(writes); err != nil {
		return err
	}
	for _, w := range writes {
		if w.Action != table.ActionPut {
			continue
		}
		if _, err := dynamojson.Encode(w.Item); err != nil {
			return err
		}
		if table.Size(w.Item) > table.MaxBytes {
			return table.ErrTooLarge
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	var refused []table.Refusal
	for i, w := range writes {
		if !t.holds(w) {
			refused = append(refused, table.Refusal{Index: i, Key: w.Item.Key, Reason: table.ConditionFailed})
		}
	}
	if refused != nil {
		return &table.ConflictError{Refused: refused}
	}
	for _, w := range writes {
		switch w.Action {
		case table.ActionPut:
			t.put(clone(w.Item))
		case table.ActionDelete:
			t.remove(w.Item.Key)
		}
	}
	return nil
}

func (t *Table) holds(w table.Write) bool {
	it, ok := t.live(w.Item.Key)
	switch w.If.Kind {
	case table.KindAbsent:
		return !ok
	case table.KindVersion:
		return ok && it.Version == w.If.Version
	}
	return true
}

func (t *Table) put(it table.Item) {
	t.remove(it.Key)
	t.items[it.Key] = it
	for name, index := range t.indexes {
		if e := entryOf(it, name); e.pk != "" {
			index.Set(e)
		}
	}
}

func (t *Table) remove(k table.Key) {
	old, ok := t.items[k]
	if !ok {
		return
	}
	for name, index := range t.indexes {
		if e := entryOf(old, name); e.pk != "" {
			index.Delete(e)
		}
	}
	delete(t.items, k)
}

func entryOf(it table.Item, name table.Index) entry {
	switch name {
	case table.GSI1:
		return entry{it.GSI1.PK, it.GSI1.SK, it.Key}
	case table.GSI2:
		return entry{it.GSI2.PK, it.GSI2.SK, it.Key}
	}
	return entry{it.Key.PK, it.Key.SK, it.Key}
}

// PutDynamoJSON stores an item as a Step Functions task puts it, without a
// condition.
func (t *Table) PutDynamoJSON(_ context.Context, attributes map[string]any) error {
	it, err := dynamojson.Decode(attributes)
	if err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.put(it)
	return nil
}

// Dump returns every item that has not expired, ordered by key.
func (t *Table) Dump() []table.Item {
	t.mu.RLock()
	defer t.mu.RUnlock()
	all := make([]table.Item, 0, len(t.items))
	t.indexes[table.Primary].Scan(func(e entry) bool {
		if it, ok := t.live(e.key); ok {
			all = append(all, clone(it))
		}
		return true
	})
	return all
}

func clone(it table.Item) table.Item {
	if it.Body == nil {
		it.Body = map[string]any{}
	} else {
		it.Body = cloneValue(it.Body).(map[string]any)
	}
	if !it.Expires.IsZero() {
		it.Expires = time.Unix(it.Expires.Unix(), 0).UTC()
	}
	return it
}

func cloneValue(v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := make(map[string]any, len(v))
		for k, e := range v {
			m[k] = cloneValue(e)
		}
		return m
	case []any:
		l := slices.Clone(v)
		for i := range l {
			l[i] = cloneValue(l[i])
		}
		if l == nil {
			l = []any{}
		}
		return l
	}
	return v
}

func encodeCursor(e entry) string {
	raw, _ := json.Marshal([4]string{e.pk, e.sk, e.key.PK, e.key.SK}) // strings always encode
	return base64.RawURLEncoding.EncodeToString(raw)
}

func decodeCursor(s string) (*entry, error) {
	if s == "" {
		return nil, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return nil, fmt.Errorf("%w: cursor", table.ErrInvalid)
	}
	var k [4]string
	if err := json.Unmarshal(raw, &k); err != nil {
		return nil, fmt.Errorf("%w: cursor", table.ErrInvalid)
	}
	return &entry{k[0], k[1], table.Key{PK: k[2], SK: k[3]}}, nil
}
