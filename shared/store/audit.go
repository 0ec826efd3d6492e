package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"realname/shared/audit"
	"realname/shared/realname"
	"realname/shared/store/record"
	"realname/shared/table"
)

// auditPrefix starts the sort keys of the items of an enterprise's audit entries. The
// entries are numbered in the order of the chain; an item has the number of its first.
const auditPrefix = "AUDIT#"

func auditKey(uscc string, seq int64) table.Key {
	return table.Key{PK: enterprisePK(uscc), SK: fmt.Sprintf("%s%012d", auditPrefix, seq)}
}

// entriesItem is the item of entries that their head has no room for.
func entriesItem(uscc string, first int64, entries []map[string]any) table.Item {
	return table.Item{Key: auditKey(uscc, first), Version: 1, Body: pack(entries)}
}

// AuditOf decodes an item of audit entries.
func AuditOf(it table.Item) []map[string]any {
	first, _ := strconv.ParseInt(strings.TrimPrefix(it.Key.SK, auditPrefix), 10, 64) // 0 is no entry's number
	return unpack(strings.TrimPrefix(it.Key.PK, enterprisePK("")), first, it.Body)
}

// chain appends an entry to its enterprise's chain and moves the head.
func chain(a realname.AuditEntry, head *realname.TrailHead) error {
	a.Touched = nil
	for _, f := range a.Fields {
		a.Touched = append(a.Touched, f.Field)
	}
	body, err := record.Encode(a)
	if err != nil {
		return fmt.Errorf("encode an audit entry: %w", err)
	}
	if head.Hash, err = audit.Chain(body, head.Entries+1, head.Hash); err != nil {
		return err
	}
	head.Entries++
	head.Recent = append(slices.Clip(head.Recent), body)
	return nil
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
	trailsInGroup = 50
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
	// If a head holds all entries, the trail has no other items: the first would have the
	// number 1. The heads are read first. Entries written after that read are chained to them, which
	// distinguishes them from inserted ones.
	var keys []table.Key
	for _, uscc := range group {
		keys = append(keys, trailKey(uscc), auditKey(uscc, 1))
	}
	items, err := s.table.Get(ctx, keys...)
	if err != nil {
		return err
	}
	for i, uscc := range group {
		head, err := readTrail(items, uscc)
		if err != nil {
			return err
		}
		entries := head.Recent
		if _, there := table.Find(items, auditKey(uscc, 1)); there || !head.HoldsAll() {
			if entries, err = s.entriesOf(ctx, *head); err != nil {
				return err
			}
		}
		if err := each(i, entries, audit.Head{Entries: head.Entries, Hash: head.Hash}); err != nil {
			return err
		}
	}
	return nil
}

// entriesOf returns the entries of a trail, those of its head last. Since the head was
// read, they may have got an item of their own.
func (s *Store) entriesOf(ctx context.Context, head realname.TrailHead) ([]map[string]any, error) {
	var entries []map[string]any
	stored := map[string]bool{}
	trail := table.Query{PK: enterprisePK(head.USCC), SKPrefix: auditPrefix}
	err := s.each(ctx, trail, func(it table.Item) error {
		for _, e := range AuditOf(it) {
			entries = append(entries, e)
			stored[fmt.Sprint(e[audit.HashField])] = true
		}
		return nil
	})
	for _, e := range head.Recent {
		if !stored[fmt.Sprint(e[audit.HashField])] {
			entries = append(entries, e)
		}
	}
	return entries, err
}

// Trail returns an enterprise's audit entries, the oldest first, without their values,
// which are stored outside the chain.
func (s *Store) Trail(ctx context.Context, uscc string) ([]realname.AuditEntry, error) {
	bodies, _, err := s.AuditTrail(ctx, uscc) // what a verification of the trail sees, and nothing else
	if err != nil {
		return nil, err
	}
	entries := make([]realname.AuditEntry, len(bodies))
	for i, body := range bodies {
		if err := record.Decode(body, &entries[i]); err != nil {
			return nil, fmt.Errorf("decode an audit entry: %w", err)
		}
	}
	return entries, nil
}
