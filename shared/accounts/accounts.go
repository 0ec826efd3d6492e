package accounts

import (
	"context"
	"errors"
	"slices"
	"time"

	"realname/shared/realname"
	"realname/shared/verification"
)

// Accounts runs the use cases of the account information page (R2): changes of
// the account and its enterprise, operators, activation, and the password reset.
type Accounts struct {
	*realname.Ports
	// Sessions ends the sessions that a change undermines, and sends SMS codes.
	Sessions    *verification.Verification
	Directory   Directory
	Credentials Credentials
	Mail        Mail
	Strength    Strength
	// NewSecret returns an unguessable text: an activation code, the secret of a
	// link. SecretHash is how one is kept.
	NewSecret  func() (string, error)
	SecretHash func(secret string) string
	// ResetPace is how long the answer to a password reset's request takes, whether
	// or not a message goes out: the time of a provider's call tells nothing.
	ResetPace time.Duration
	// WrongPace is the least time that the refusal of a wrong code takes, longer than
	// any way to it: how long reading an account takes tells whether it is there.
	WrongPace time.Duration
}

// unhurried keeps a refusal that must not tell what exists until its pace.
func (a *Accounts) unhurried(ctx context.Context, begun time.Time, refusal error) error {
	switch realname.CodeOf(refusal) {
	case realname.CodeActivationWrong, realname.CodeSMSCodeWrong, realname.CodeSMSCodeExpired:
		if err := a.Wait(ctx, begun.Add(a.WrongPace).Sub(a.Now())); err != nil {
			return err
		}
	}
	return refusal
}

// Directory is what the use cases of accounts ask of the store beside Store.
type Directory interface {
	// LoadRoster reads an enterprise with its roster; what does not exist is zero.
	LoadRoster(ctx context.Context, uscc string) (realname.Enterprise, realname.Roster, error)
	// LoadAccounts reads accounts in the given order, in one call for each 100.
	LoadAccounts(ctx context.Context, ids []string) ([]realname.Account, error)
	// FindLogin reads the account of a login name, in two calls whether it exists
	// or not. An unknown one has an empty ID.
	FindLogin(ctx context.Context, loginName string) (realname.Account, error)
	// LoadCode reads an SMS code with the counters that limit the next one.
	LoadCode(ctx context.Context, q CodeQuery) (realname.SessionView, error)
	// LoadConfirmation reads an e-mail confirmation; an unknown one is zero.
	LoadConfirmation(ctx context.Context, secretHash string) (realname.EmailConfirmation, error)
	// LoadReply reads the answer kept of a request, nil when there is none.
	LoadReply(ctx context.Context, idem realname.Idempotency) (*realname.Reply, error)
}

// CodeQuery names an SMS code of an account or of a password reset.
type CodeQuery struct {
	For         realname.SMSCode // its AccountID or ResetIndex, and Step
	AccountID   string
	Day         string
	NumberIndex string
	Idempotency *realname.Idempotency
}

// Credentials judges and makes passwords.
type Credentials interface {
	// Check counts a wrong password against the login name and locks it, as a login
	// does. Errors: CodeInvalidCredentials, CodeLoginLocked.
	Check(ctx context.Context, loginName, password string) error
	// Hash returns the password's hash.
	Hash(password string) (string, error)
}

// Strength returns which rule a new password breaks, or "": "length", "common",
// "too_weak". about are words that must not help to guess it.
type Strength func(password string, about []string) (rule string)

// Mail sends what an account's user has to read.
type Mail interface {
	// SendConfirmation sends the link that confirms an address.
	SendConfirmation(ctx context.Context, m ConfirmationMail) error
}

// ConfirmationMail asks the owner of an address to confirm it. The secret goes
// into the link; nothing personal does.
type ConfirmationMail struct {
	To       string
	Secret   string
	Language string // zh-CN or en
	Hours    int    // how long the link works
}

// Precondition is the If-Match of a change: the versions that it may replace.
type Precondition struct {
	Any      bool
	Versions []int64
}

// check compares with the version as it is.
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

// PageVersion is the version of what the account page shows: it grows with every
// change of the account or its enterprise.
func PageVersion(a realname.Account, e realname.Enterprise) int64 { return a.Version + e.Version }

// ChangeRequest is what every change of the account carries.
type ChangeRequest struct {
	Caller  realname.Caller
	IfMatch *Precondition
	// ConfirmWithdrawal accepts that what the change undermines is unverified again.
	ConfirmWithdrawal bool
	// CurrentPassword is asked for where a stolen token must not be enough.
	CurrentPassword *string
}

// Changed is what a change did.
type Changed struct {
	Account    realname.Account
	Enterprise realname.Enterprise
	Changed    bool                  // false when everything was so already
	Withdrawn  []realname.AspectName // what is unverified again
}

// draft is a change under way: the records as they were read and as they will be.
type draft struct {
	view       realname.AccountView
	before     realname.Enterprise
	account    realname.Account
	enterprise realname.Enterprise
	now        time.Time
	fields     []realname.AuditField
	facts      bool // what the enterprise's authentication rests on changes
	holder     bool // what the holder's does
	// enterpriseChanged says that enterprise is written; moved is its roster if it
	// gets another code.
	enterpriseChanged bool
	moved             *realname.Roster
	change            realname.Change // the further records, audit entries and events
}

func (d *draft) note(field, before, after string) {
	d.fields = append(d.fields, realname.AuditField{Field: field, Before: before, After: after})
}

// Passwords of a change are judged once, however often it is tried.
type edit func(ctx context.Context, d *draft) error

// change reads the account and its enterprise, lets edit change them, and writes
// the outcome with its audit entry, what it withdraws, and the revocation of
// every token issued until now, all or nothing.
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
			if err := a.checkPassword(ctx, d.account, *r.CurrentPassword); err != nil {
				return Changed{}, err
			}
			judged = true
		}
		if err := by(ctx, d); errors.Is(err, realname.ErrStale) {
			continue // another request changed what the edit read: judge again
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
	view, err := a.Store.LoadAccount(ctx, realname.AccountQuery{AccountID: r.Caller.AccountID, Day: realname.Day(a.Now()), USCC: r.Caller.USCC})
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

func (a *Accounts) checkPassword(ctx context.Context, account realname.Account, password string) error {
	err := a.Credentials.Check(ctx, account.LoginName, password)
	if realname.CodeOf(err) == realname.CodeInvalidCredentials {
		return &realname.Error{Code: realname.CodeCurrentPassword, Fields: []realname.FieldError{{Pointer: "/currentPassword", Kind: "current_password", Rule: "wrong"}}}
	}
	return err
}

// mayManage refuses an operator what is the administrator's.
func mayManage(a realname.Account) error {
	if a.Role == realname.RoleOperator {
		return &realname.Error{Code: realname.CodeForbidden}
	}
	return nil
}

// vouchedElsewhere reports whether the change touches what registration stands
// for, which is changed where it was registered.
func (d *draft) vouchedElsewhere() bool {
	return (d.facts || d.holder) && d.before.Standing == realname.Untouched
}

// commitDraft completes the change and writes it.
func (a *Accounts) commitDraft(ctx context.Context, d *draft, r ChangeRequest, action realname.AuditAction) (Changed, error) {
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

// revoked is the instant until which tokens are refused after a change: that of
// the change, or the caller's token's own, should its issuer's clock run ahead.
func revoked(now time.Time, c realname.Caller) time.Time {
	if c.IssuedAt.After(now) {
		return c.IssuedAt
	}
	return now
}
