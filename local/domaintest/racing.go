package domaintest

import (
	"context"

	"realname/shared/realname"
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
