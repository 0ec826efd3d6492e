package accounts

import (
	"context"
	"errors"
	"time"

	"realname/shared/realname"
)

// Retention is how long a closed account's personal data is kept: the three
// years in which a declaration can be looked into (Customs Law, Art. 45), since
// PIPL Art. 19 allows no longer than its purpose needs. Then EraseExpired erases
// it; whoever may ask earlier (PIPL Art. 47) is served by Erase.
const Retention = 3 * 365 * 24 * time.Hour

// AuditValuesStore removes the values of audit entries.
type AuditValuesStore interface {
	EraseAuditValues(ctx context.Context, of string) (int, error)
}

// Erasure erases people. It is the work of operations, never of a request.
type Erasure struct {
	Accounts *Accounts
	Values   AuditValuesStore
}

// Erase closes an account and removes what it holds of its holder: identity,
// mobile, e-mail, login name, password, bound card, and the values of the audit
// entries about it. ID number and card are free for another account. That the
// account existed, what it did and what was verified by it stays, without a
// person. Erasing again removes what a process that died had left.
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
		// Last, so that a process that dies before is noticed: the account is marked
		// erased, and erasing it again comes here.
		_, err = e.Values.EraseAuditValues(ctx, realname.AccountItem(accountID))
		return err
	}
	return &realname.Error{Code: realname.CodeConflict}
}

func (e *Erasure) erase(ctx context.Context, accountID string) error {
	view, err := e.Accounts.Store.LoadAccount(ctx, realname.AccountQuery{AccountID: accountID, Card: &realname.CardKeys{}})
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
	if ent.USCC != a.USCC { // it got another code since the account was read
		return realname.ErrStale
	}
	now := e.Accounts.Now()
	d := &draft{view: view, before: ent, enterprise: ent, account: a, now: now}
	ended, err := e.Accounts.cancelSessions(ctx, d, func(realname.Method) bool { return true })
	if err != nil {
		return err
	}
	if roster, err = roster.Put(realname.Member{AccountID: a.ID, Role: a.Role}); err != nil {
		return err
	}
	c := d.change
	if err := e.Accounts.Sessions.Unbind(ctx, &c, view); err != nil {
		return err
	}
	if a.LoginName != "" {
		c.Add(realname.FreeLogin(a.LoginName), realname.Unlock(a.LoginName))
	}
	c.Audit = append(c.Audit, realname.AuditEntry{ID: e.Accounts.NewID(), At: now, USCC: a.USCC, AccountID: a.ID, Action: realname.AuditPersonErased})
	gone := realname.Account{
		ID: a.ID, Role: a.Role, Origin: a.Origin, USCC: a.USCC, Disabled: a.Disabled, Erased: now, TokensFrom: now,
		Holder: a.Holder, HolderChanges: a.HolderChanges + 1, CreatedAt: a.CreatedAt, Version: a.Version,
	}
	if gone.Disabled.IsZero() {
		gone.Disabled = now
	}
	c.Add(gone, roster)
	if a.Role != realname.RoleOperator { // the enterprise is not this administrator's any more
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

// holdsPerson reports whether the account still holds anything personal.
func holdsPerson(a realname.Account) bool {
	return a.LoginName != "" || a.Administrator != "" || a.Mobile != "" || a.Email != "" || a.PendingEmail != "" ||
		a.PasswordHash != "" || a.Activation != nil
}

// eraseCard takes from an account that is erased already a card that was being
// bound meanwhile.
func (e *Erasure) eraseCard(ctx context.Context, view realname.AccountView) error {
	var c realname.Change
	if err := e.Accounts.Sessions.Unbind(ctx, &c, view); err != nil || len(c.Writes) == 0 {
		return err
	}
	return e.Accounts.Store.Commit(ctx, c)
}

// EraseLegalRepresentative removes what an enterprise's record holds of its legal
// representative, and the values of the audit entries about the enterprise. What
// a session verified stays; an enterprise that counted as verified by registration
// no longer does.
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
			ent.Changes++ // a session under way would store the person again
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

// Expired lists the accounts of an enterprise that were closed longer ago than
// the retention and are not erased yet.
func (e *Erasure) Expired(ctx context.Context, uscc string, retention time.Duration) ([]realname.Account, error) {
	_, roster, err := e.Accounts.Directory.LoadRoster(ctx, uscc)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, m := range roster.Members {
		if m.Holder == "" { // closed accounts have none
			ids = append(ids, m.AccountID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	accounts, err := e.Accounts.Directory.LoadAccounts(ctx, ids)
	var expired []realname.Account
	for _, a := range accounts {
		if !a.Disabled.IsZero() && a.Erased.IsZero() && e.Accounts.Now().Sub(a.Disabled) >= retention {
			expired = append(expired, a)
		}
	}
	return expired, err
}
