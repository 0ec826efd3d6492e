package domaintest

import (
	"context"

	"realname/shared/realname"
	"realname/shared/table"
)

// Racing is a store on which something else happens once: between the reads of a request
// and its first write.
type Racing struct {
	realname.Store
	Meanwhile func()
}

// Commit implements realname.Store.
func (r *Racing) Commit(ctx context.Context, c realname.Change) error {
	if do := r.Meanwhile; do != nil {
		r.Meanwhile = nil
		do()
	}
	return r.Store.Commit(ctx, c)
}

// RacingTable is a table on which something else happens once, before the next write.
type RacingTable struct {
	table.Table
	Meanwhile func()
}

// Transact implements table.Table.
func (r *RacingTable) Transact(ctx context.Context, writes ...table.Write) error {
	if do := r.Meanwhile; do != nil {
		r.Meanwhile = nil
		do()
	}
	return r.Table.Transact(ctx, writes...)
}
