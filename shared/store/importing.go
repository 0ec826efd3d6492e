package store

import (
	"context"

	"realname/shared/realname"
	"realname/shared/table"
)

// ImportView holds the stored login names, accounts and enterprises of some rows.
type ImportView struct {
	Logins      map[string]ImportedLogin // by LoginKey
	Accounts    map[string]bool          // by ID: whether the account exists
	Enterprises map[string]realname.Enterprise
	Rosters     map[string]realname.Roster
	Trails      map[string]realname.TrailHead
}

// ImportedLogin is an existing login name: its account, and the fingerprint of the
// row that it was imported from, if any.
type ImportedLogin struct{ AccountID, Import string }

// LoginKey returns a login name in the form in which names are compared, without
// letter case.
func LoginKey(loginName string) string { return foldLogin(loginName) }

// LoadImport reads up to 20 rows' login names, accounts and enterprises, with the heads
// of their trails, in one call.
func (s *Store) LoadImport(ctx context.Context, loginNames, accountIDs, codes []string) (ImportView, error) {
	v := ImportView{
		Logins: map[string]ImportedLogin{}, Accounts: map[string]bool{},
		Enterprises: map[string]realname.Enterprise{}, Rosters: map[string]realname.Roster{},
		Trails: map[string]realname.TrailHead{},
	}
	var keys []table.Key
	for _, name := range loginNames {
		keys = append(keys, loginKey(foldLogin(name)))
	}
	for _, id := range accountIDs {
		keys = append(keys, accountKey(id))
	}
	for _, uscc := range codes {
		keys = append(keys, enterpriseKey(uscc), rosterKey(uscc), trailKey(uscc))
	}
	items, err := s.table.Get(ctx, keys...)
	if err != nil {
		return v, err
	}
	for _, name := range loginNames {
		if it, ok := table.Find(items, loginKey(foldLogin(name))); ok {
			var r loginRecord
			if err := read(it, &r); err != nil {
				return v, err
			}
			v.Logins[foldLogin(name)] = ImportedLogin(r)
		}
	}
	for _, id := range accountIDs {
		_, v.Accounts[id] = table.Find(items, accountKey(id))
	}
	for _, uscc := range codes {
		e, err := readEnterprise(items, uscc)
		if err != nil {
			return v, err
		}
		if e.USCC != "" {
			v.Enterprises[uscc] = e
		}
		if v.Rosters[uscc], err = readRoster(items, uscc); err != nil {
			return v, err
		}
		head, err := readTrail(items, uscc)
		if err != nil {
			return v, err
		}
		v.Trails[uscc] = *head
	}
	return v, nil
}
