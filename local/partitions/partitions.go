// Package partitions refuses a function's calls of the table outside its partitions, as
// IAM does by the condition dynamodb:LeadingKeys.
package partitions

import (
	"context"
	"fmt"
	"slices"

	"realname/functions"
	"realname/local/faults"
	"realname/shared/store"
	"realname/shared/table"
)

// Limited returns the table, limited to what the function of an invocation may do.
// Calls outside an invocation, of staff for example, are not limited.
func Limited(t table.Table) table.Table { return limited{t, functions.TableAccess()} }

type limited struct {
	next   table.Table
	access map[string]functions.Access
}

// check returns an error if the function of the invocation has no partition with the
// key.
func (t limited) check(
	ctx context.Context, may func(functions.Access) []store.Partition, verb, pk string,
) error {
	function := faults.Function(ctx)
	if function == "" {
		return nil
	}
	if slices.ContainsFunc(may(t.access[function]), func(p store.Partition) bool { return p.Has(pk) }) {
		return nil
	}
	return fmt.Errorf("table: function %s may not %s partition %s: see functions/access.go",
		function, verb, store.PartitionOf(pk))
}

// Get implements table.Table.
func (t limited) Get(ctx context.Context, keys ...table.Key) ([]table.Item, error) {
	for _, k := range keys {
		if err := t.check(ctx, functions.Access.MayRead, "read", k.PK); err != nil {
			return nil, err
		}
	}
	return t.next.Get(ctx, keys...)
}

// Query implements table.Table.
func (t limited) Query(ctx context.Context, q table.Query) (table.Page, error) {
	if err := t.check(ctx, functions.Access.MayRead, "read", q.PK); err != nil {
		return table.Page{}, err
	}
	return t.next.Query(ctx, q)
}

// Transact implements table.Table.
func (t limited) Transact(ctx context.Context, writes ...table.Write) error {
	for _, w := range writes {
		may := func(a functions.Access) []store.Partition { return a.Writes }
		if err := t.check(ctx, may, "write", w.Item.Key.PK); err != nil {
			return err
		}
	}
	return t.next.Transact(ctx, writes...)
}
