package store

import (
	"context"
	"slices"
	"strings"

	"realname/shared/realname"
	"realname/shared/table"
)

// rosterKey is the key of the list of an enterprise's accounts with the blind indexes
// of their holders' ID numbers.
func rosterKey(uscc string) table.Key { return table.Key{PK: enterprisePK(uscc), SK: "ROSTER"} }

func putRoster(r realname.Roster) (table.Write, error) {
	it, cond, err := put(rosterKey(r.USCC), r.Version, r)
	return table.Put(it, cond), err
}

func readRoster(items []table.Item, uscc string) (realname.Roster, error) {
	r := realname.Roster{USCC: uscc}
	it, ok := table.Find(items, rosterKey(uscc))
	if !ok {
		return r, nil
	}
	r.Version = it.Version
	return r, read(it, &r)
}

// LoadRoster implements accounts.Directory.
func (s *Store) LoadRoster(ctx context.Context, uscc string) (realname.Enterprise, realname.Roster, error) {
	items, err := s.table.Get(ctx, enterpriseKey(uscc), rosterKey(uscc))
	if err != nil {
		return realname.Enterprise{}, realname.Roster{}, err
	}
	e, err := readEnterprise(items, uscc)
	if err != nil {
		return e, realname.Roster{}, err
	}
	r, err := readRoster(items, uscc)
	return e, r, err
}

// WithoutHolder implements accounts.ExpiryStore.
func (s *Store) WithoutHolder(ctx context.Context, f func(accountIDs []string) error) error {
	var keys []table.Key
	if err := s.EnterpriseCodes(ctx, func(uscc string) error {
		keys = append(keys, rosterKey(uscc))
		return nil
	}); err != nil {
		return err
	}
	for some := range slices.Chunk(keys, table.MaxKeys) {
		ids, err := s.withoutHolder(ctx, some)
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			continue
		}
		if err := f(ids); err != nil {
			return err
		}
	}
	return nil
}

// withoutHolder returns the accounts that the rosters list without a holder.
func (s *Store) withoutHolder(ctx context.Context, rosters []table.Key) (ids []string, err error) {
	items, err := s.table.Get(ctx, rosters...)
	if err != nil {
		return nil, err
	}
	for _, key := range rosters {
		roster, err := readRoster(items, strings.TrimPrefix(key.PK, string(EnterprisePartition)))
		if err != nil {
			return nil, err
		}
		for _, m := range roster.Members {
			if m.Holder == "" {
				ids = append(ids, m.AccountID)
			}
		}
	}
	return ids, nil
}

// LoadAccounts implements accounts.Directory.
func (s *Store) LoadAccounts(ctx context.Context, ids []string) ([]realname.Account, error) {
	var all []realname.Account
	for part := range slices.Chunk(ids, table.MaxKeys) {
		keys := make([]table.Key, len(part))
		for i, id := range part {
			keys[i] = accountKey(id)
		}
		items, err := s.table.Get(ctx, keys...)
		if err != nil {
			return nil, err
		}
		for _, id := range part {
			a, err := readAccount(items, id)
			if err != nil {
				return nil, err
			}
			if a.ID != "" {
				all = append(all, a)
			}
		}
	}
	return all, nil
}
