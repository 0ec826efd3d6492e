package store

import (
	"context"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

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
func (s *Store) AuditTrail(ctx context.Context, uscc string) (entries []map[string]any, head audit.Head, err error) {
	err = s.AuditTrails(ctx, []string{uscc}, func(_ int, e []map[string]any, h audit.Head) error {
		entries, head = e, h
		return nil
	})
	return entries, head, err
}

// Trails are read in groups, which share the read of their heads, and several groups at
// the same time: each read waits mostly for its answer.
const (
	trailsInGroup = 25
	trailGroups   = 16
)

// AuditTrails calls each with the trails of enterprises, as AuditTrail returns them, and
// the enterprise's place in the list. The calls are concurrent, in no particular order.
func (s *Store) AuditTrails(
	ctx context.Context, enterprises []string, each func(i int, entries []map[string]any, head audit.Head) error,
) error {
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(trailGroups)
	first := 0
	for group := range slices.Chunk(enterprises, trailsInGroup) {
		at := first
		first += len(group)
		work.Go(func() error {
			return s.auditTrails(ctx, group, func(i int, entries []map[string]any, head audit.Head) error {
				return each(at+i, entries, head)
			})
		})
	}
	return work.Wait()
}

func (s *Store) auditTrails(
	ctx context.Context, group []string, each func(i int, entries []map[string]any, head audit.Head) error,
) error {
	// The heads are read first. Entries written after that read are chained to them, which
	// distinguishes them from inserted ones.
	heads, err := s.readHeads(ctx, group)
	if err != nil {
		return err
	}
	for i, uscc := range group {
		var entries []map[string]any
		trail := table.Query{PK: enterprisePK(uscc), SKPrefix: auditPrefix}
		if err := s.each(ctx, trail, func(it table.Item) error {
			entries = append(entries, it.Body)
			return nil
		}); err != nil {
			return err
		}
		if err := each(i, entries, audit.Head{Entries: heads[uscc].Entries, Hash: heads[uscc].Hash}); err != nil {
			return err
		}
	}
	return nil
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
