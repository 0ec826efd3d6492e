package metrics

import (
	"context"
	"errors"

	"realname/shared/table"
)

// Table returns a table whose failures are collected. Refused conditions are answers, not
// failures, and counted apart.
func (m *Metrics) Table(t table.Table) table.Table {
	if m == nil {
		return t
	}
	return observed{t, m}
}

type observed struct {
	next    table.Table
	metrics *Metrics
}

func (o observed) Get(ctx context.Context, keys ...table.Key) ([]table.Item, error) {
	items, err := o.next.Get(ctx, keys...)
	o.see(err)
	return items, err
}

func (o observed) Query(ctx context.Context, q table.Query) (table.Page, error) {
	page, err := o.next.Query(ctx, q)
	o.see(err)
	return page, err
}

func (o observed) Transact(ctx context.Context, writes ...table.Write) error {
	err := o.next.Transact(ctx, writes...)
	o.see(err)
	return err
}

func (o observed) see(err error) {
	var conflict *table.ConflictError
	if errors.As(err, &conflict) {
		o.metrics.conflicts.Inc()
	}
	for kind, known := range map[string]error{
		"throttled": table.ErrThrottled, "unavailable": table.ErrUnavailable, "too_large": table.ErrTooLarge,
	} {
		if errors.Is(err, known) {
			o.metrics.tableErrors.WithLabelValues(kind).Inc()
		}
	}
}
