package store

import (
	"context"
	"errors"
	"fmt"

	"realname/shared/realname"
	"realname/shared/table"
)

// ErrLoginTaken and ErrHolderTaken are the refusals of CreateAccount: the login name
// exists, or another account of the same enterprise has the holder's ID number (R2).
var (
	ErrLoginTaken  = errors.New("login name: already exists")
	ErrHolderTaken = errors.New("holder: another account of the enterprise has the ID number")
)

// createTries limits how often CreateAccount reads again if other accounts join the
// same enterprise at the same time.
const createTries = 64

// CreateAccount stores an account with its login name and adds it to the enterprise
// and its roster. If the enterprise does not exist, CreateAccount stores e.
// Errors: ErrLoginTaken, ErrHolderTaken.
func (s *Store) CreateAccount(
	ctx context.Context, a realname.Account, e realname.Enterprise, holder realname.HolderIndex,
) error {
	for range createTries {
		known, roster, err := s.LoadRoster(ctx, e.USCC)
		if err != nil {
			return err
		}
		if roster, err = roster.Put(realname.Member{AccountID: a.ID, Role: a.Role}, holder); err != nil {
			return ErrHolderTaken
		}
		if known.USCC == "" {
			known = e
		}
		known = known.WithAdministrator(a)
		err = s.Commit(ctx, realname.Writing(a, realname.NewLogin{Account: a}, known, roster))
		if !errors.Is(err, realname.ErrStale) {
			return err
		}
		taken, err := s.table.Get(ctx, loginKey(foldLogin(a.LoginName)))
		if err != nil {
			return err
		}
		if len(taken) > 0 {
			return ErrLoginTaken
		}
	}
	return fmt.Errorf("create account: %w", realname.ErrStale)
}

// putLogin reserves the account's login name, which must be free.
func putLogin(a realname.Account) (table.Write, error) {
	it, cond, err := put(loginKey(foldLogin(a.LoginName)), 0, loginRecord{a.ID, a.Import})
	return table.Put(it, cond), err
}
