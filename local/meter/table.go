package meter

import (
	"context"

	"realname/shared/table"
)

// Table counts the calls to the next table. Before a write, it reads the existing
// item, because DynamoDB bills the larger of the two.
func (m *Meter) Table(next table.Table) table.Table {
	if m == nil {
		return next
	}
	return metered{m, next}
}

type metered struct {
	meter *Meter
	next  table.Table
}

// Get implements table.Table.
func (t metered) Get(ctx context.Context, keys ...table.Key) ([]table.Item, error) {
	items, err := t.next.Get(ctx, keys...)
	units := 0.0
	for _, k := range keys {
		it, _ := table.Find(items, k) // a missing item costs the minimum
		units += readUnits(size(it))
	}
	t.meter.use(of(ctx), func(u *Use) { u.Calls++; u.ReadUnits += units })
	return items, err
}

// Query implements table.Table.
func (t metered) Query(ctx context.Context, q table.Query) (table.Page, error) {
	page, err := t.next.Query(ctx, q)
	total := 0
	for _, it := range page.Items {
		total += table.Size(it)
	}
	units := readUnits(total)
	if q.Index != table.Primary { // eventually consistent
		units /= 2
	}
	t.meter.use(of(ctx), func(u *Use) { u.Calls++; u.ReadUnits += units })
	return page, err
}

// Transact implements table.Table. DynamoDB also bills refused transactions.
func (t metered) Transact(ctx context.Context, writes ...table.Write) error {
	keys := make([]table.Key, len(writes))
	for i, w := range writes {
		keys[i] = w.Item.Key
	}
	replaced, err := t.next.Get(ctx, keys...)
	if err != nil {
		return err
	}
	err = t.next.Transact(ctx, writes...)
	var units, index float64
	for _, w := range writes {
		old, _ := table.Find(replaced, w.Item.Key)
		units += writeUnits(w, old)
		if err == nil {
			index += indexUnits(w, old)
		}
	}
	if len(writes) > 1 || writes[0].Action == table.ActionCheck { // a transaction writes twice
		units *= 2
	}
	t.meter.use(of(ctx), func(u *Use) { u.Calls++; u.WriteUnits += units; u.IndexWriteUnits += index })
	return err
}
