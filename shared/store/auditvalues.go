package store

import (
	"context"
	"fmt"
	"slices"

	"realname/shared/realname"
	"realname/shared/table"
)

func auditValuesPK(of string) string { return AuditValuesPartition.key(of) }

// putAuditValues stores an entry's values under their owner. The values of an entry
// in two trails are stored twice.
func putAuditValues(of, uscc string, v realname.AuditValues) (table.Write, error) {
	it, cond, err := put(table.Key{PK: auditValuesPK(of), SK: instant(v.At) + "#" + v.EntryID + "#" + uscc}, 0, v)
	it.Expires = v.At.Add(realname.AuditValuesLife)
	return table.Put(it, cond), err
}

// AuditValuesOf reads the values of the audit entries about an account or an
// enterprise, the oldest first. The owner is a realname.AccountItem or
// realname.EnterpriseItem.
func (s *Store) AuditValuesOf(ctx context.Context, of string) ([]realname.AuditValues, error) {
	var all []realname.AuditValues
	err := s.eachAuditValues(ctx, of, func(it table.Item) error {
		var v realname.AuditValues
		if err := read(it, &v); err != nil {
			return err
		}
		all = append(all, v)
		return nil
	})
	return all, err
}

// AuditValuesByEntry returns the masked values of the entries of AuditTrail by entry
// ID. Erased and expired values are missing. The owners of the values are the
// enterprise and the accounts and subjects of the entries.
func (s *Store) AuditValuesByEntry(
	ctx context.Context, uscc string, entries []map[string]any,
) (map[string][]realname.AuditField, error) {
	owners := map[string]bool{realname.EnterpriseItem(uscc): true}
	of := map[string]bool{}
	for _, e := range entries {
		if id, ok := e["id"].(string); ok {
			of[id] = true
		}
		for _, name := range []string{"accountId", "subject"} {
			if id, ok := e[name].(string); ok && id != "" {
				owners[realname.AccountItem(id)] = true
			}
		}
	}
	values := map[string][]realname.AuditField{}
	for owner := range owners {
		all, err := s.AuditValuesOf(ctx, owner)
		if err != nil {
			return nil, err
		}
		for _, v := range all {
			if of[v.EntryID] {
				values[v.EntryID] = v.Fields
			}
		}
	}
	return values, nil
}

// EraseAuditValues deletes the values of AuditValuesOf and returns their number.
// Deleting them again is not an error.
func (s *Store) EraseAuditValues(ctx context.Context, of string) (int, error) {
	var writes []table.Write
	err := s.eachAuditValues(ctx, of, func(it table.Item) error {
		writes = append(writes, table.Delete(it.Key, table.Always()))
		return nil
	})
	if err != nil {
		return 0, err
	}
	erased := 0
	for some := range slices.Chunk(writes, table.MaxWrites) {
		if err := s.table.Transact(ctx, some...); err != nil {
			return erased, fmt.Errorf("erase audit values: %w", err)
		}
		erased += len(some)
	}
	return erased, nil
}

func (s *Store) eachAuditValues(ctx context.Context, of string, each func(table.Item) error) error {
	return s.each(ctx, table.Query{PK: auditValuesPK(of)}, each)
}
