package memory

import (
	"context"
	"fmt"

	"realname/shared/table"
)

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
	from, to := q.Between(after)
	var page table.Page
	visit := func(p table.Place) bool {
		switch {
		case p == from || p == to:
			return true
		case !from.Before(p) || !p.Before(to):
			return false
		}
		s, ok := t.live(p.Key)
		if !ok {
			return true
		}
		if len(page.Items) == q.Limit {
			page.Next = q.Cursor(page.Items[q.Limit-1])
			return false
		}
		if q.Index == table.Primary {
			var it table.Item
			if it, err = s.item(); err != nil {
				return false
			}
			page.Items = append(page.Items, it)
			return true
		}
		page.Items = append(page.Items, s.AtIndex(q.Index))
		return true
	}
	if index := t.indexes[q.Index]; q.Descending {
		index.Descend(to, visit)
	} else {
		index.Ascend(from, visit)
	}
	if err != nil {
		return table.Page{}, fmt.Errorf("query: %w", err)
	}
	return page, nil
}
