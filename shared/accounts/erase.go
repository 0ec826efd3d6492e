package accounts

import (
	"context"
	"errors"
	"time"

	"realname/shared/realname"
)

// AuditValuesStore deletes the values of audit entries.
type AuditValuesStore interface {
	EraseAuditValues(ctx context.Context, of string) (int, error)
}

// Erasure erases the personal data of people, and refuses requests for erasure. Only
// commands of staff use it, never a request. After the retention of a closed account,
// Expired lists its holder. A person with an earlier right to erasure (PIPL Art. 47) is
// erased by Erase, which also ends the person's request.
type Erasure struct {
	Accounts *Accounts
	Values   AuditValuesStore
}

// Erase closes an account and deletes the personal data of its holder: identity,
// mobile, e-mail, login name, password, bound card, and the values of the audit entries
// about the account. Another account can then use the ID number and the card. The
// account's record, its actions and its verifications remain without personal data.
// Erasing again deletes data that remained because a process died.
// Errors: CodeNotFound, CodeConflict.
func (e *Erasure) Erase(ctx context.Context, accountID string) error {
	for range rosterTries {
		err := e.erase(ctx, accountID)
		if errors.Is(err, realname.ErrStale) {
			continue
		}
		if err != nil {
			return err
		}
		// The values are deleted last. If the process dies before, the account is already
		// marked as erased, and erasing it again continues here.
		_, err = e.Values.EraseAuditValues(ctx, realname.AccountItem(accountID))
		return err
	}
	return &realname.Error{Code: realname.CodeConflict}
}

func (e *Erasure) erase(ctx context.Context, accountID string) error {
	query := realname.AccountQuery{AccountID: accountID, Methods: realname.Methods(), Card: &realname.CardKeys{}}
	view, err := e.Accounts.Store.LoadAccount(ctx, query)
	if err != nil {
		return err
	}
	a := view.Account
	if a.ID == "" {
		return &realname.Error{Code: realname.CodeNotFound}
	}
	if !a.Erased.IsZero() && !holdsPerson(a) {
		return e.eraseCard(ctx, view)
	}
	ent, roster, err := e.Accounts.Directory.LoadRoster(ctx, a.USCC)
	if err != nil {
		return err
	}
	if ent.USCC != a.USCC { // the code changed after the account was read
		return realname.ErrStale
	}
	now := e.Accounts.Now()
	d := &draft{view: view, before: ent, enterprise: ent, account: a, now: now}
	ended, err := e.Accounts.cancelSessions(ctx, d, func(realname.Method) bool { return true })
	if err != nil {
		return err
	}
	if roster, err = roster.Put(realname.Member{AccountID: a.ID, Role: a.Role}, realname.HolderIndex{}); err != nil {
		return err
	}
	c := d.change
	if err := e.Accounts.Sessions.Unbind(ctx, &c, view); err != nil {
		return err
	}
	if a.LoginName != "" {
		c.Add(realname.FreeLogin(a.LoginName), realname.Unlock(a.LoginName))
	}
	c.Audit = append(c.Audit, realname.AuditEntry{
		ID: e.Accounts.NewID(), At: now, USCC: a.USCC, AccountID: a.ID, Action: realname.AuditPersonErased,
	})
	gone := withoutPerson(a, now)
	c.Add(gone, roster)
	if a.Role != realname.RoleOperator { // the enterprise loses this administrator
		left := ent.WithAdministrator(gone)
		c.Add(left)
		c.Withdraw(ent, left, a.ID, e.Accounts.Actor, now, e.Accounts.NewID)
	}
	for i := range c.Audit {
		c.Audit[i].Actor = e.Accounts.Actor
	}
	if err := e.Accounts.Store.Commit(ctx, c); err != nil {
		return err
	}
	e.Accounts.Sessions.TellEnded(ctx, ended)
	return nil
}

// withoutPerson returns the record that remains of an erased account.
func withoutPerson(a realname.Account, now time.Time) realname.Account {
	gone := realname.Account{
		ID: a.ID, Role: a.Role, Origin: a.Origin, USCC: a.USCC, Disabled: a.Disabled, Erased: now, TokensFrom: now,
		Holder: a.Holder, HolderChanges: a.HolderChanges + 1, CreatedAt: a.CreatedAt, Version: a.Version,
	}
	if gone.Disabled.IsZero() {
		gone.Disabled = now
	}
	return gone
}

// holdsPerson reports whether the account still holds personal data.
func holdsPerson(a realname.Account) bool {
	return a.LoginName != "" || a.Administrator != "" || a.Mobile != "" || a.Email != "" || a.PendingEmail != "" ||
		a.PasswordHash != "" || a.Activation != nil
}

// eraseCard removes the card of an erased account. One can remain if a function of version
// 1.0.0 bound it while the account was erased.
func (e *Erasure) eraseCard(ctx context.Context, view realname.AccountView) error {
	var c realname.Change
	if err := e.Accounts.Sessions.Unbind(ctx, &c, view); err != nil || len(c.Writes) == 0 {
		return err
	}
	return e.Accounts.Store.Commit(ctx, c)
}

// EraseLegalRepresentative deletes the legal representative from an enterprise's record,
// and the values of the audit entries about the enterprise. The aspects that sessions
// verified stay verified. An enterprise that counted as verified by registration becomes
// unverified.
// Errors: CodeNotFound, CodeConflict.
func (e *Erasure) EraseLegalRepresentative(ctx context.Context, uscc string) error {
	for range realname.CommitTries {
		ent, err := e.Accounts.Store.LoadEnterprise(ctx, uscc)
		if err != nil {
			return err
		}
		if ent.USCC == "" {
			return &realname.Error{Code: realname.CodeNotFound}
		}
		if ent.LegalRepresentative != "" {
			was, now := ent, e.Accounts.Now()
			ent.LegalRepresentative, ent.Standing = "", realname.Touched
			ent.Changes++ // otherwise a live session would store the person again
			c := realname.Writing(ent)
			c.Audit = []realname.AuditEntry{{
				ID: e.Accounts.NewID(), At: now, USCC: uscc, Action: realname.AuditPersonErased, Actor: e.Accounts.Actor,
			}}
			c.Withdraw(was, ent, "", e.Accounts.Actor, now, e.Accounts.NewID)
			err = e.Accounts.Store.Commit(ctx, c)
			if errors.Is(err, realname.ErrStale) {
				continue
			}
			if err != nil {
				return err
			}
		}
		_, err = e.Values.EraseAuditValues(ctx, realname.EnterpriseItem(uscc))
		return err
	}
	return &realname.Error{Code: realname.CodeConflict}
}

// Expired lists the accounts of an enterprise that have been closed for at least the
// retention and are not erased yet.
func (e *Erasure) Expired(ctx context.Context, uscc string, retention time.Duration) ([]realname.Account, error) {
	_, roster, err := e.Accounts.Directory.LoadRoster(ctx, uscc)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, m := range roster.Members {
		if m.Holder == "" { // closed accounts have no holder
			ids = append(ids, m.AccountID)
		}
	}
	return e.expired(ctx, ids, retention)
}

func (e *Erasure) expired(ctx context.Context, ids []string, retention time.Duration) ([]realname.Account, error) {
	accounts, err := e.Accounts.Directory.LoadAccounts(ctx, ids)
	var expired []realname.Account
	for _, a := range accounts {
		if !a.Disabled.IsZero() && a.Erased.IsZero() && e.Accounts.Now().Sub(a.Disabled) >= retention {
			expired = append(expired, a)
		}
	}
	return expired, err
}
