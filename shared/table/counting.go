package table

import (
	"context"
	"sync/atomic"
)

// Counter counts calls to the table.
type Counter struct{ n atomic.Int64 }

// Calls returns the number of calls.
func (c *Counter) Calls() int64 { return c.n.Load() }

type counterKey struct{}

// WithCounter returns a context and the counter of its calls through Counted.
func WithCounter(ctx context.Context) (context.Context, *Counter) {
	c := new(Counter)
	return context.WithValue(ctx, counterKey{}, c), c
}

// Counted returns a table that counts each call in the counter of the context, if
// any.
func Counted(t Table) Table { return counted{t} }

type counted struct{ next Table }

func count(ctx context.Context) {
	if c, ok := ctx.Value(counterKey{}).(*Counter); ok {
		c.n.Add(1)
	}
}

func (t counted) Get(ctx context.Context, keys ...Key) ([]Item, error) {
	count(ctx)
	return t.next.Get(ctx, keys...)
}

func (t counted) Query(ctx context.Context, q Query) (Page, error) {
	count(ctx)
	return t.next.Query(ctx, q)
}

func (t counted) Transact(ctx context.Context, writes ...Write) error {
	count(ctx)
	return t.next.Transact(ctx, writes...)
}
