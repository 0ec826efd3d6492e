package accounts

import (
	"context"
	"errors"
	"time"

	"realname/shared/realname"
	"realname/shared/verification"
)

// Support changes an administrator's account for its user, who cannot do it: the
// activation code has expired, for example, and the bound number is no longer in use.
// Only commands of staff use it, never a request. Each change has a reason, which the
// audit trail keeps with the name of the member of staff.
type Support struct{ Accounts *Accounts }

// supportEdit modifies the account of a draft and its roster.
type supportEdit func(ctx context.Context, d *draft, roster *realname.Roster) (verification.Ended, error)

// RenewCode issues another activation code. The password becomes invalid.
// Errors: CodeNotFound, CodeForbidden for an operator, CodeConflict.
func (s *Support) RenewCode(ctx context.Context, loginName, reason string) (code string, expires time.Time, err error) {
	a := s.Accounts
	err = s.change(ctx, loginName, reason, realname.AuditActivationCodeRenewed, func(
		_ context.Context, d *draft, _ *realname.Roster,
	) (verification.Ended, error) {
		if !d.account.Disabled.IsZero() {
			return nil, &realname.Error{Code: realname.CodeNotFound}
		}
		last := d.account.Activation
		if last == nil { // continue from an issue that no earlier code of the account had
			last = &realname.Activation{Issue: d.now.UnixMilli()}
		}
		renewed, err := NewActivation(a.Sealer, a.SecretHash, d.account.ID, last, d.now, OperatorCodeLife)
		if err != nil {
			return nil, err
		}
		if code, err = ActivationCode(a.Sealer, d.account.ID, renewed.Issue); err != nil {
			return nil, err
		}
		d.account.Activation, d.account.PasswordHash, expires = renewed, "", renewed.ExpiresAt
		d.note("activation", "", "")
		d.change.Add(realname.Unlock(d.account.LoginName))
		return nil, nil
	})
	return code, expires, err
}

// BindMobile binds another mobile number, without a code sent to it.
// Errors: CodeInvalidRequest with /mobile, CodeNotFound, CodeForbidden for an operator,
// CodeConflict.
func (s *Support) BindMobile(ctx context.Context, loginName, reason, mobile string) error {
	var f realname.Fields
	mobile = f.Mobile("/mobile", mobile)
	if err := f.Err(); err != nil {
		return err
	}
	return s.change(ctx, loginName, reason, realname.AuditMobileChanged, func(
		_ context.Context, d *draft, _ *realname.Roster,
	) (verification.Ended, error) {
		return nil, s.Accounts.bindMobile(d, mobile)
	})
}

// Disable closes the account: its sessions end, its verification is withdrawn, and its
// holder's ID number is free for another account. Closing it again changes nothing.
// Errors: CodeNotFound, CodeForbidden for an operator, CodeConflict.
func (s *Support) Disable(ctx context.Context, loginName, reason string) error {
	a := s.Accounts
	return s.change(ctx, loginName, reason, realname.AuditAccountDisabled, func(
		ctx context.Context, d *draft, roster *realname.Roster,
	) (ended verification.Ended, err error) {
		if !d.account.Disabled.IsZero() {
			return nil, nil
		}
		if ended, err = a.cancelSessions(ctx, d, func(realname.Method) bool { return true }); err != nil {
			return nil, err
		}
		d.account.Disabled = d.now
		d.note("active", flag(true), flag(false))
		member := realname.Member{AccountID: d.account.ID, Role: d.account.Role}
		if *roster, err = roster.Put(member, realname.HolderIndex{}); err != nil {
			return nil, err
		}
		d.change.Add(*roster)
		d.enterprise = d.enterprise.WithAdministrator(d.account)
		d.account.Holder = realname.Aspect{} // it stays withdrawn if the account is opened again
		return ended, nil
	})
}

// Enable opens a closed account. Its holder has to verify again.
// Errors: CodeNotFound, CodeForbidden for an operator, CodeHolderTaken, CodeConflict.
func (s *Support) Enable(ctx context.Context, loginName, reason string) error {
	a := s.Accounts
	return s.change(ctx, loginName, reason, realname.AuditAccountEnabled, func(
		_ context.Context, d *draft, roster *realname.Roster,
	) (verification.Ended, error) {
		if d.account.Disabled.IsZero() {
			return nil, nil
		}
		var index realname.HolderIndex
		if d.account.Administrator != "" {
			is, err := realname.OpenIdentity(
				a.Sealer, d.account.Administrator, realname.AccountItem(d.account.ID), realname.FieldAdministrator)
			if err != nil {
				return nil, err
			}
			if index, err = realname.IndexHolder(a.Sealer, is.Person); err != nil {
				return nil, err
			}
		}
		d.account.Disabled = time.Time{}
		d.note("active", flag(false), flag(true))
		var err error
		member := realname.Member{AccountID: d.account.ID, Role: d.account.Role}
		if *roster, err = roster.Put(member, index); err != nil {
			return nil, err
		}
		d.change.Add(*roster)
		d.enterprise = d.enterprise.WithAdministrator(d.account)
		return nil, nil
	})
}

// change reads the account with this login name, lets edit modify it, and writes the
// result with its audit entry. It revokes all previously issued tokens of the account.
// After a concurrent write, it starts again.
func (s *Support) change(
	ctx context.Context, loginName, reason string, action realname.AuditAction, edit supportEdit,
) error {
	for range rosterTries {
		err := s.try(ctx, loginName, reason, action, edit)
		if !errors.Is(err, realname.ErrStale) {
			return err
		}
	}
	return &realname.Error{Code: realname.CodeConflict}
}

func (s *Support) try(
	ctx context.Context, loginName, reason string, action realname.AuditAction, edit supportEdit,
) error {
	a := s.Accounts
	found, err := a.Directory.FindLogin(ctx, loginName)
	switch {
	case err != nil:
		return err
	case found.ID == "":
		return &realname.Error{Code: realname.CodeNotFound}
	case found.Role == realname.RoleOperator: // its administrator does it on the page
		return &realname.Error{Code: realname.CodeForbidden}
	}
	view, err := a.Store.LoadAccount(ctx, realname.AccountQuery{AccountID: found.ID, Methods: realname.Methods()})
	if err != nil {
		return err
	}
	ent, roster, err := a.Directory.LoadRoster(ctx, view.Account.USCC)
	if err != nil {
		return err
	}
	if ent.USCC != view.Account.USCC { // the code changed after the account was read
		return realname.ErrStale
	}
	d := &draft{view: view, before: ent, enterprise: ent, account: view.Account, now: a.Now()}
	ended, err := edit(ctx, d, &roster)
	if err != nil || len(d.fields) == 0 {
		return err
	}
	d.note("reason", "", reason)
	d.account.TokensFrom, d.account.Devices = d.now, nil
	d.change.Add(d.account)
	d.audit(a.NewID(), action)
	if action == realname.AuditAccountDisabled || action == realname.AuditAccountEnabled {
		d.change.Add(d.enterprise)
		d.change.Withdraw(ent, d.enterprise, d.account.ID, a.Actor, d.now, a.NewID)
	}
	for i := range d.change.Audit {
		d.change.Audit[i].Actor = a.Actor
	}
	if err := a.Store.Commit(ctx, d.change); err != nil {
		return err
	}
	a.Sessions.TellEnded(ctx, ended)
	return nil
}
