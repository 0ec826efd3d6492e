package accounts

import (
	"context"

	"realname/shared/realname"
)

// AccountPage reads the account and its enterprise.
// Errors: CodeTokenRevoked.
func (a *Accounts) AccountPage(ctx context.Context, c realname.Caller) (realname.Account, realname.Enterprise, error) {
	view, err := a.Store.LoadAccount(ctx, realname.AccountQuery{AccountID: c.AccountID})
	if err != nil {
		return realname.Account{}, realname.Enterprise{}, err
	}
	if err := realname.Admit(c, view.Account); err != nil {
		return realname.Account{}, realname.Enterprise{}, err
	}
	e, err := a.Store.LoadEnterprise(ctx, view.Account.USCC)
	if err != nil {
		return realname.Account{}, realname.Enterprise{}, err
	}
	return view.Account, e, realname.AdmitTo(e, view.Account)
}
