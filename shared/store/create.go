package store

import (
	"context"
	"errors"
	"fmt"

	"realname/shared/realname"
	"realname/shared/table"
)

// ErrLoginTaken and ErrHolderTaken say why an account cannot be created: its
// login name exists, or its holder's ID number is another account's within the
// same enterprise (R2).
var (
	ErrLoginTaken  = errors.New("the login name is taken")
	ErrHolderTaken = errors.New("the holder's ID number is another account's of this enterprise")
)

// createTries bounds how often CreateAccount reads again when other accounts
// join the same enterprise at the same time.
const createTries = 64

// CreateAccount stores an account with its login name and its place in the
// enterprise's record and roster; the record is e if there is none yet.
// Errors: ErrLoginTaken, ErrHolderTaken.
func (s *Store) CreateAccount(ctx context.Context, a realname.Account, e realname.Enterprise, holderIndex string) error {
	for range createTries {
		known, roster, err := s.LoadRoster(ctx, e.USCC)
		if err != nil {
			return err
		}
		if roster, err = roster.Put(realname.Member{AccountID: a.ID, Holder: holderIndex, Role: a.Role}); err != nil {
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

// putLogin takes the account's login name, which nobody may have yet.
func putLogin(a realname.Account) (table.Write, error) {
	it, cond, err := put(loginKey(foldLogin(a.LoginName)), 0, loginRecord{a.ID, a.Import})
	return table.Put(it, cond), err
}
