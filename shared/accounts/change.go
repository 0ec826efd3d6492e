package accounts

import (
	"context"
	"errors"
	"slices"
	"time"

	"realname/shared/realname"
	"realname/shared/verification"
)

// Precondition is the If-Match header of a change: the versions that the change may
// replace.
type Precondition struct {
	Any      bool
	Versions []int64
}

// check compares the precondition with the current version.
// Errors: CodePreconditionRequired, CodePreconditionFailed.
func (p *Precondition) check(version int64) error {
	switch {
	case p == nil:
		return &realname.Error{Code: realname.CodePreconditionRequired}
	case p.Any || slices.Contains(p.Versions, version):
		return nil
	}
	return &realname.Error{Code: realname.CodePreconditionFailed}
}

// PageVersion is the version of the account page. It grows with every change of the
// account or its enterprise.
func PageVersion(a realname.Account, e realname.Enterprise) int64 { return a.Edition() + e.Version }

// ChangeRequest holds the common fields of every change of the account.
type ChangeRequest struct {
	Caller  realname.Caller
	IfMatch *Precondition
	// ConfirmWithdrawal accepts that the change withdraws verified aspects.
	ConfirmWithdrawal bool
	// CurrentPassword is required for changes that a stolen token must not allow.
	CurrentPassword *string
}

// Changed is the result of a change.
type Changed struct {
	Account    realname.Account
	Enterprise realname.Enterprise
	Changed    bool                  // false if every field already had its new value
	Withdrawn  []realname.AspectName // the aspects that are unverified again
}

// draft is a change in progress: the records as read, and as the change will write
// them.
type draft struct {
	view       realname.AccountView
	before     realname.Enterprise
	account    realname.Account
	enterprise realname.Enterprise
	now        time.Time
	fields     []realname.AuditField
	facts      bool // the change affects the facts that the enterprise's verification rests on
	holder     bool // the change affects the holder's identity
	// enterpriseChanged means that enterprise is written. moved is its roster if its code
	// changes.
	enterpriseChanged bool
	moved             *realname.Roster
	change            realname.Change // the further records, audit entries and events
}

func (d *draft) note(field, before, after string) {
	d.fields = append(d.fields, realname.AuditField{Field: field, Before: before, After: after})
}

// edit modifies the records of a draft.
type edit func(ctx context.Context, d *draft) error

// change reads the account and its enterprise, lets edit modify them, and writes the
// result. The same transaction writes the audit entry, withdraws the affected aspects
// and revokes all previously issued tokens. After a concurrent write, change starts
// again, but it checks the current password only once.
// Errors: CodeTokenRevoked, CodeForbidden, CodePreconditionRequired,
// CodePreconditionFailed, CodeCurrentPassword, CodeLoginLocked,
// CodeConfirmWithdrawal, CodeMaintainedElsewhere, CodeConflict, and those of edit.
func (a *Accounts) change(ctx context.Context, r ChangeRequest, action realname.AuditAction, by edit) (Changed, error) {
	judged := false
	for range realname.CommitTries {
		d, err := a.draft(ctx, r)
		if err != nil {
			return Changed{}, err
		}
		if r.CurrentPassword != nil && !judged {
			if err := a.checkPassword(ctx, d.account, *r.CurrentPassword, r.Caller.SignInID); err != nil {
				return Changed{}, err
			}
			judged = true
		}
		if err := by(ctx, d); errors.Is(err, realname.ErrStale) {
			continue // another request changed the records that the edit read: start again
		} else if err != nil {
			return Changed{}, err
		}
		if len(d.fields) == 0 {
			return Changed{Account: d.account, Enterprise: d.enterprise}, nil
		}
		done, err := a.commitDraft(ctx, d, r, action)
		if !errors.Is(err, realname.ErrStale) {
			return done, err
		}
	}
	return Changed{}, &realname.Error{Code: realname.CodeConflict}
}

func (a *Accounts) draft(ctx context.Context, r ChangeRequest) (*draft, error) {
	view, err := a.Store.LoadAccount(ctx, realname.AccountQuery{
		AccountID: r.Caller.AccountID, Methods: realname.Methods(), Day: realname.Day(a.Now()), USCC: r.Caller.USCC,
	})
	if err != nil {
		return nil, err
	}
	if err := realname.Admit(r.Caller, view.Account); err != nil {
		return nil, err
	}
	e, err := a.Store.LoadEnterprise(ctx, view.Account.USCC)
	if err != nil {
		return nil, err
	}
	if err := realname.AdmitTo(e, view.Account); err != nil {
		return nil, err
	}
	if err := r.IfMatch.check(PageVersion(view.Account, e)); err != nil {
		return nil, err
	}
	return &draft{view: view, before: e, account: view.Account, enterprise: e, now: a.Now()}, nil
}

func (a *Accounts) checkPassword(ctx context.Context, account realname.Account, password, signInID string) error {
	err := a.Credentials.Check(ctx, account.LoginName, password, signInID)
	if realname.CodeOf(err) == realname.CodeInvalidCredentials {
		wrong := realname.FieldError{Pointer: "/currentPassword", Kind: "current_password", Rule: "wrong"}
		return &realname.Error{Code: realname.CodeCurrentPassword, Fields: []realname.FieldError{wrong}}
	}
	return err
}

// asksPassword refuses a change of facts that a stolen token must not change, unless
// the request contains the current password. Facts that a registration verifies cannot
// change here even with the password.
// Errors: CodeMaintainedElsewhere, CodePasswordRequired.
func (d *draft) asksPassword(r ChangeRequest) error {
	if d.vouchedElsewhere() {
		return &realname.Error{Code: realname.CodeMaintainedElsewhere}
	}
	return passwordGiven(r)
}

// passwordGiven refuses a request without the current password.
// Errors: CodePasswordRequired.
func passwordGiven(r ChangeRequest) error {
	if r.CurrentPassword == nil {
		missing := realname.FieldError{Pointer: "/currentPassword", Kind: "field", Rule: "missing"}
		return &realname.Error{Code: realname.CodePasswordRequired, Fields: []realname.FieldError{missing}}
	}
	return nil
}

// mayManage refuses an operator. It guards changes that only an administrator may make.
// Errors: CodeForbidden.
func mayManage(a realname.Account) error {
	if a.Role == realname.RoleOperator {
		return &realname.Error{Code: realname.CodeForbidden}
	}
	return nil
}

// vouchedElsewhere reports whether the change affects facts that the registration
// verifies. Such facts can change only in the system of the registration.
func (d *draft) vouchedElsewhere() bool {
	return (d.facts || d.holder) && d.before.Standing == realname.Untouched
}

// commitDraft completes the change and writes it.
func (a *Accounts) commitDraft(
	ctx context.Context, d *draft, r ChangeRequest, action realname.AuditAction,
) (Changed, error) {
	if d.vouchedElsewhere() {
		return Changed{}, &realname.Error{Code: realname.CodeMaintainedElsewhere}
	}
	withdrawn := d.undermined()
	if len(withdrawn) > 0 && !r.ConfirmWithdrawal {
		return Changed{}, &realname.Error{Code: realname.CodeConfirmWithdrawal, Aspects: withdrawn}
	}
	d.change.Trail = d.view.Trail
	d.audit(a.NewID(), action)
	a.withdraw(d, withdrawn)
	var ended verification.Ended
	if d.facts {
		var err error
		if ended, err = a.cancelLive(ctx, d); err != nil {
			return Changed{}, err
		}
	}
	d.account.TokensFrom = revoked(a.Now(), r.Caller)
	d.change.Add(d.account)
	switch {
	case d.moved != nil:
		d.change.Add(realname.Moved{From: d.before.USCC, Enterprise: d.enterprise, Roster: *d.moved})
	case d.enterpriseChanged:
		d.change.Add(d.enterprise)
	}
	if err := a.Store.Commit(ctx, d.change); err != nil {
		return Changed{}, err
	}
	a.Sessions.TellEnded(ctx, ended)
	d.account.Version++
	if d.enterpriseChanged {
		d.enterprise.Version++
	}
	return Changed{Account: d.account, Enterprise: d.enterprise, Changed: true, Withdrawn: withdrawn}, nil
}

// revoked returns the instant up to which a change revokes tokens: the time of the
// change, or the issue time of the caller's token if its issuer's clock is ahead.
func revoked(now time.Time, c realname.Caller) time.Time {
	if c.IssuedAt.After(now) {
		return c.IssuedAt
	}
	return now
}
