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

type holderRecord struct {
	AccountID string `json:"accountId"`
}

// CreateAccount stores an account with its login name and its holder's
// uniqueness, and its enterprise if that is not known yet.
// Errors: ErrLoginTaken, ErrHolderTaken.
func (s *Store) CreateAccount(ctx context.Context, a realname.Account, e realname.Enterprise, holderIndex string) error {
	known, err := s.LoadEnterprise(ctx, e.USCC)
	if err != nil {
		return err
	}
	account, err := putAccount(a)
	if err != nil {
		return err
	}
	login, loginAbsent, err := put(loginKey(foldLogin(a.LoginName)), 0, loginRecord{a.ID})
	if err != nil {
		return err
	}
	holder, holderAbsent, err := put(holderKey(e.USCC, holderIndex), 0, holderRecord{a.ID})
	if err != nil {
		return err
	}
	writes := []table.Write{account, table.Put(login, loginAbsent), table.Put(holder, holderAbsent)}
	if known.USCC == "" {
		w, err := putEnterprise(e)
		if err != nil {
			return err
		}
		writes = append(writes, w)
	}
	err = s.table.Transact(ctx, writes...)
	var conflict *table.ConflictError
	if !errors.As(err, &conflict) {
		return err
	}
	for _, r := range conflict.Refused {
		switch r.Index {
		case 1:
			return ErrLoginTaken
		case 2:
			return ErrHolderTaken
		}
	}
	return fmt.Errorf("create account: %w", realname.ErrStale)
}
