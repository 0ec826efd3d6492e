// Package partitions refuses a function's calls of the table outside its partitions, as
// IAM does by the condition dynamodb:LeadingKeys.
package partitions

import (
	"context"
	"fmt"

	"realname/functions"
	"realname/local/faults"
	"realname/shared/store"
	"realname/shared/table"
)

// Limited returns the table, limited to what the function of an invocation may do.
// Calls outside an invocation, of staff for example, are not limited.
func Limited(t table.Table) table.Table {
	l := limited{t, map[string][]store.Partition{}, map[string][]store.Partition{}}
	for function, access := range functions.TableAccess() {
		l.reads[function], l.writes[function] = access.MayRead(), access.Writes
	}
	return l
}

type limited struct {
	next          table.Table
	reads, writes map[string][]store.Partition // by function
}

// check returns an error if the function of the invocation has no partition with the
// key.
func check(ctx context.Context, of map[string][]store.Partition, verb, pk string) error {
	function := faults.Function(ctx)
	if function == "" {
		return nil
	}
	for _, p := range of[function] {
		if p.Has(pk) {
			return nil
		}
	}
	return fmt.Errorf("table: function %s may not %s partition %s: see functions/access.go",
		function, verb, store.PartitionOf(pk))
}

// Get implements table.Table.
func (t limited) Get(ctx context.Context, keys ...table.Key) ([]table.Item, error) {
	for _, k := range keys {
		if err := check(ctx, t.reads, "read", k.PK); err != nil {
			return nil, err
		}
	}
	return t.next.Get(ctx, keys...)
}

// Query implements table.Table.
func (t limited) Query(ctx context.Context, q table.Query) (table.Page, error) {
	if err := check(ctx, t.reads, "read", q.PK); err != nil {
		return table.Page{}, err
	}
	return t.next.Query(ctx, q)
}

// Transact implements table.Table.
func (t limited) Transact(ctx context.Context, writes ...table.Write) error {
	for _, w := range writes {
		if err := check(ctx, t.writes, "write", w.Item.Key.PK); err != nil {
			return err
		}
	}
	return t.next.Transact(ctx, writes...)
}
