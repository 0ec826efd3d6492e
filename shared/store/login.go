package store

import (
	"context"
	"errors"
	"strings"
	"time"

	"realname/shared/auth"
	"realname/shared/realname"
	"realname/shared/table"
)

// LoginView holds the records that a sign-in needs. The account of an unknown login
// name is empty.
type LoginView struct {
	Account  realname.Account
	Failures auth.Failures
	version  int64 // of the failures
}

type loginRecord struct {
	AccountID string `json:"accountId"`
	Import    string `json:"import,omitempty"` // realname.Account.Import
}

// LoadLogin reads the account and the failures of a login name. It always makes two
// calls, so that an unknown name takes as long as a known one.
func (s *Store) LoadLogin(ctx context.Context, name string) (LoginView, error) {
	name = foldLogin(name)
	items, err := s.table.Get(ctx, loginKey(name), failuresKey(name))
	if err != nil {
		return LoginView{}, err
	}
	var v LoginView
	if it, ok := table.Find(items, failuresKey(name)); ok {
		v.version = it.Version
		if err := read(it, &v.Failures); err != nil {
			return v, err
		}
	}
	login := loginRecord{AccountID: "none"}
	if it, ok := table.Find(items, loginKey(name)); ok {
		if err := read(it, &login); err != nil {
			return v, err
		}
	}
	items, err = s.table.Get(ctx, accountKey(login.AccountID))
	if err != nil {
		return v, err
	}
	v.Account, err = readAccount(items, login.AccountID)
	return v, err
}

// LoginOutcome is what a sign-in writes.
type LoginOutcome struct {
	Failures *auth.Failures    // the new count of wrong passwords; nil leaves it as it is
	Life     time.Duration     // of the count
	Account  *realname.Account // with changed devices; nil leaves it as it is
}

// SaveLogin writes the outcome of a sign-in in one transaction.
// Errors: realname.ErrStale if another sign-in was counted, or the account changed, since
// the view was read. The caller must then judge again.
func (s *Store) SaveLogin(ctx context.Context, name string, v LoginView, o LoginOutcome) error {
	var writes []table.Write
	key := failuresKey(foldLogin(name))
	switch {
	case o.Failures == nil:
	case o.Failures.Count > 0:
		it, cond, err := put(key, v.version, o.Failures)
		if err != nil {
			return err
		}
		it.Expires = o.Failures.Last.Add(o.Life + time.Second)
		writes = append(writes, table.Put(it, cond))
	case v.version > 0:
		writes = append(writes, table.Delete(key, table.VersionIs(v.version)))
	default:
		writes = append(writes, table.Check(key, table.Absent()))
	}
	if o.Account != nil {
		w, err := putAccount(*o.Account)
		if err != nil {
			return err
		}
		writes = append(writes, w)
	}
	return s.transact(ctx, writes)
}

// EditSignIns writes an edit of the caller's sign-ins over the account that it read. It
// returns the account as written. A caller whose token is revoked edits nothing.
// Errors: realname.CodeTokenRevoked, and those of edit.
func (s *Store) EditSignIns(
	ctx context.Context, c realname.Caller, edit func(realname.Account) (realname.Account, error),
) (realname.Account, error) {
	for {
		a, err := s.LoadCaller(ctx, c)
		if err != nil {
			return a, err
		}
		if a, err = edit(a); err != nil {
			return a, err
		}
		w, err := putAccount(a)
		if err != nil {
			return a, err
		}
		if err := s.transact(ctx, []table.Write{w}); !errors.Is(err, realname.ErrStale) {
			return a, err
		}
	}
}

// LoadCaller reads the caller's account in one call.
// Errors: realname.CodeTokenRevoked.
func (s *Store) LoadCaller(ctx context.Context, c realname.Caller) (realname.Account, error) {
	items, err := s.table.Get(ctx, accountKey(c.AccountID))
	if err != nil {
		return realname.Account{}, err
	}
	a, err := readAccount(items, c.AccountID)
	if err != nil {
		return a, err
	}
	return a, realname.Admit(c, a)
}

// foldLogin removes the differences in letter case between login names.
func foldLogin(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// FindLogin implements accounts.Directory.
func (s *Store) FindLogin(ctx context.Context, name string) (realname.Account, error) {
	v, err := s.LoadLogin(ctx, name)
	return v.Account, err
}
