package store

import (
	"context"
	"fmt"

	"realname/shared/audit"
	"realname/shared/realname"
	"realname/shared/table"
)

// auditPrefix starts the sort keys of an enterprise's audit entries. The entries are
// numbered in the order of the chain.
const auditPrefix = "AUDIT#"

func auditKey(uscc string, seq int64) table.Key {
	return table.Key{PK: enterprisePK(uscc), SK: fmt.Sprintf("%s%012d", auditPrefix, seq)}
}

// putAudit appends an entry to its enterprise's chain and moves the head.
func putAudit(a realname.AuditEntry, head *realname.TrailHead) (table.Write, error) {
	a.Touched = nil
	for _, f := range a.Fields {
		a.Touched = append(a.Touched, f.Field)
	}
	it, cond, err := put(auditKey(a.USCC, head.Entries+1), 0, a)
	if err != nil {
		return table.Write{}, err
	}
	if head.Hash, err = audit.Chain(it.Body, head.Entries+1, head.Hash); err != nil {
		return table.Write{}, err
	}
	head.Entries++
	return table.Put(it, cond), nil
}

// AuditTrail returns an enterprise's stored audit trail, the oldest entry first, and
// the head that the chain must reach.
func (s *Store) AuditTrail(ctx context.Context, uscc string) ([]map[string]any, audit.Head, error) {
	// The head is read first. Entries written after that read are chained to it, which
	// distinguishes them from inserted ones.
	heads, err := s.readHeads(ctx, []string{uscc})
	if err != nil {
		return nil, audit.Head{}, err
	}
	var entries []map[string]any
	q := table.Query{PK: enterprisePK(uscc), SKPrefix: auditPrefix, Limit: 1000}
	for {
		page, err := s.table.Query(ctx, q)
		if err != nil {
			return nil, audit.Head{}, err
		}
		for _, it := range page.Items {
			entries = append(entries, it.Body)
		}
		if q.After = page.Next; q.After == "" {
			return entries, audit.Head{Entries: heads[uscc].Entries, Hash: heads[uscc].Hash}, nil
		}
	}
}

// Trail returns an enterprise's audit entries, the oldest first, without their values,
// which are stored outside the chain.
func (s *Store) Trail(ctx context.Context, uscc string) ([]realname.AuditEntry, error) {
	var entries []realname.AuditEntry
	err := s.each(ctx, table.Query{PK: enterprisePK(uscc), SKPrefix: auditPrefix}, func(it table.Item) error {
		var e realname.AuditEntry
		err := read(it, &e)
		entries = append(entries, e)
		return err
	})
	return entries, err
}
