package data

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"realname/shared/auth"
	"realname/shared/realname"
	"realname/shared/store"
)

// Loader stores accounts.
type Loader struct {
	Store  *store.Store
	Sealer realname.Sealer
	Hasher *auth.Hasher
	Now    func() time.Time
	NewID  func() string
}

// Load stores every account of the set. Accounts of one enterprise share its item.
func (l Loader) Load(ctx context.Context, s Set) error {
	hashes := make([]string, len(s.Accounts))
	var g errgroup.Group
	for i, a := range s.Accounts {
		if a.Password == "" {
			continue // without a password, the account is not activated yet
		}
		g.Go(func() (err error) {
			hashes[i], err = l.Hasher.Hash(a.Password)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for i, a := range s.Accounts {
		if err := l.store(ctx, a, hashes[i]); err != nil {
			if errors.Is(err, store.ErrHolderTaken) || errors.Is(err, store.ErrLoginTaken) {
				return fmt.Errorf("accounts.csv:%d: %w", a.line, err)
			}
			return err
		}
	}
	return nil
}

func (l Loader) store(ctx context.Context, a Account, hash string) error {
	id := l.NewID()
	account := realname.Account{
		ID: id, LoginName: a.LoginName, Origin: a.Origin, USCC: a.Enterprise.USCC, Region: a.Region,
		PasswordHash: hash, CreatedAt: l.Now(),
	}
	enterprise := realname.Enterprise{
		USCC: a.Enterprise.USCC, Name: a.Enterprise.Name, OrgCode: a.OrgCode, Address: a.Address,
	}
	var err error
	seal := func(value, field string) realname.Sealed {
		if value == "" || err != nil {
			return ""
		}
		var sealed realname.Sealed
		sealed, err = l.Sealer.Seal([]byte(value), realname.AccountItem(id), field)
		return sealed
	}
	account.Mobile, account.Email = seal(a.Mobile, realname.FieldMobile), seal(a.Email, realname.FieldEmail)
	if err != nil {
		return err
	}
	account.Administrator, err = realname.SealPerson(l.Sealer, a.Administrator, realname.AccountItem(id),
		realname.FieldAdministrator)
	if err != nil {
		return err
	}
	if a.LegalRepresentative.Name != "" {
		enterprise.LegalRepresentative, err = realname.SealPerson(l.Sealer, a.LegalRepresentative,
			realname.EnterpriseItem(enterprise.USCC), realname.FieldLegalRepresentative)
		if err != nil {
			return err
		}
	}
	holder, err := realname.IndexHolder(l.Sealer, a.Administrator)
	if err != nil {
		return err
	}
	return l.Store.CreateAccount(ctx, account, enterprise, holder)
}
