package store

import (
	"context"

	"realname/shared/realname"
	"realname/shared/table"
)

// ImportView is what is known of the login names and enterprises of some rows.
type ImportView struct {
	Logins      map[string]ImportedLogin // by login name as LoginKey folds it
	Accounts    map[string]bool          // which of the IDs are an account's
	Enterprises map[string]realname.Enterprise
	Rosters     map[string]realname.Roster
}

// ImportedLogin is a login name that exists: whose it is, and the fingerprint of
// the imported row that it came from, if it came from one.
type ImportedLogin struct{ AccountID, Import string }

// LoginKey is a login name as names are compared: letter case aside.
func LoginKey(loginName string) string { return foldLogin(loginName) }

// LoadImport reads up to 25 rows' login names, accounts and enterprises in one call.
func (s *Store) LoadImport(ctx context.Context, loginNames, accountIDs, codes []string) (ImportView, error) {
	v := ImportView{Logins: map[string]ImportedLogin{}, Accounts: map[string]bool{}, Enterprises: map[string]realname.Enterprise{}, Rosters: map[string]realname.Roster{}}
	var keys []table.Key
	for _, name := range loginNames {
		keys = append(keys, loginKey(foldLogin(name)))
	}
	for _, id := range accountIDs {
		keys = append(keys, accountKey(id))
	}
	for _, uscc := range codes {
		keys = append(keys, enterpriseKey(uscc), rosterKey(uscc))
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
	}
	return v, nil
}
