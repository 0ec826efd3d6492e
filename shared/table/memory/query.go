package memory

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"realname/shared/table"
)

// before orders places byte by byte, as DynamoDB orders text keys. It orders items
// with the same index key by their own keys, so that a cursor is exact.
func before(a, b table.Place) bool {
	return cmp.Or(
		strings.Compare(a.Index.PK, b.Index.PK), strings.Compare(a.Index.SK, b.Index.SK),
		strings.Compare(a.Key.PK, b.Key.PK), strings.Compare(a.Key.SK, b.Key.SK),
	) < 0
}

// highest sorts after every sort key: UTF-8 text does not contain the byte 0xFF.
const highest = "\xff"

// Query implements table.Table. It visits the items of the page, the expired items
// between them, and one more.
func (t *Table) Query(ctx context.Context, q table.Query) (table.Page, error) {
	if err := ctx.Err(); err != nil {
		return table.Page{}, fmt.Errorf("query: %w: %w", table.ErrUnavailable, err)
	}
	q, after, err := q.Checked()
	if err != nil {
		return table.Page{}, fmt.Errorf("query: %w", err)
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	var page table.Page
	visit := func(p table.Place) bool {
		if after != nil && p == *after {
			return true
		}
		below := q.SKBelow == "" || p.Index.SK < q.SKBelow
		if p.Index.PK != q.PK || !strings.HasPrefix(p.Index.SK, q.SKPrefix) || !below {
			return false
		}
		it, ok := t.live(p.Key)
		if !ok {
			return true
		}
		if len(page.Items) == q.Limit {
			page.Next = q.Cursor(page.Items[q.Limit-1])
			return false
		}
		page.Items = append(page.Items, clone(it))
		return true
	}
	if index := t.indexes[q.Index]; q.Descending {
		index.Descend(start(q, after), visit)
	} else {
		index.Ascend(start(q, after), visit)
	}
	return page, nil
}

// start returns the place where the visit begins. A place without an item's key is
// before every item with the same index key.
func start(q table.Query, after *table.Place) table.Place {
	sk := q.SKPrefix
	switch {
	case after != nil:
		return *after
	case q.Descending && q.SKBelow != "":
		sk = q.SKBelow
	case q.Descending:
		sk += highest
	}
	return table.Place{Index: table.IndexKey{PK: q.PK, SK: sk}}
}
