package accounts

import (
	"context"
	"errors"
	"time"

	"realname/shared/mask"
	"realname/shared/realname"
)

// ChangeOperatorRequest is a change of an operator.
type ChangeOperatorRequest struct {
	Caller            realname.Caller
	OperatorID        string
	IfMatch           *Precondition
	ConfirmWithdrawal bool
	Details           OperatorDetails
}

// ChangeOperator changes an operator's holder and contacts, and closes or reopens the
// account. It revokes all previously issued tokens of the operator.
// Errors: CodeInvalidRequest with fields, CodeTokenRevoked, CodeForbidden,
// CodeNotFound, CodePreconditionRequired, CodePreconditionFailed, CodeHolderTaken,
// CodeConfirmWithdrawal, CodeConflict.
func (a *Accounts) ChangeOperator(ctx context.Context, r ChangeOperatorRequest) (Operator, error) {
	details, err := r.Details.normalized(false, a.Now())
	if err != nil {
		return Operator{}, err
	}
	return a.operator(ctx, r.Caller, r.OperatorID, nil, realname.AuditOperatorChanged, func(d *operatorDraft) error {
		if err := r.IfMatch.check(d.account.Edition()); err != nil {
			return err
		}
		return a.editOperator(d, details, r.ConfirmWithdrawal)
	})
}

// DisableOperator closes an operator's account and releases the holder's ID number for
// another account. Closing it again is not an error.
// Errors: CodeTokenRevoked, CodeForbidden, CodeNotFound, CodePreconditionFailed,
// CodeConflict.
func (a *Accounts) DisableOperator(
	ctx context.Context, c realname.Caller, operatorID string, ifMatch *Precondition,
) (Operator, error) {
	return a.operator(ctx, c, operatorID, nil, realname.AuditOperatorDisabled, func(d *operatorDraft) error {
		if ifMatch != nil {
			if err := ifMatch.check(d.account.Edition()); err != nil {
				return err
			}
		}
		return a.closeOperator(d)
	})
}

// EnableOperator reopens an operator's account for the same holder. Opening an open
// account is not an error.
// Errors: CodeTokenRevoked, CodeForbidden, CodeNotFound, CodeHolderTaken if another
// account has taken over the holder's ID number, CodeConflict.
func (a *Accounts) EnableOperator(ctx context.Context, c realname.Caller, operatorID string) (Operator, error) {
	return a.operator(ctx, c, operatorID, nil, realname.AuditOperatorChanged, func(d *operatorDraft) error {
		if d.account.Disabled.IsZero() {
			return nil
		}
		item := realname.AccountItem(d.account.ID)
		holder, err := realname.OpenIdentity(a.Sealer, d.account.Administrator, item, realname.FieldAdministrator)
		if err != nil {
			return err
		}
		d.account.Disabled = time.Time{}
		d.note("active", flag(false), flag(true))
		_, err = a.setHolder(&d.account, &d.roster, holder, d.note)
		return err
	})
}

// RenewActivationRequest asks for a new activation code.
type RenewActivationRequest struct {
	Caller      realname.Caller
	OperatorID  string
	Idempotency *realname.Idempotency
	// Render returns the answer, which is stored for repeated requests. It must not
	// contain a secret.
	Render func(realname.Account) realname.Reply
}

// RenewActivation issues a new activation code for an operator who has lost the
// previous code or the password. The password becomes invalid.
// Errors: CodeTokenRevoked, CodeForbidden, CodeNotFound, CodeKeyReused,
// CodeConflict.
func (a *Accounts) RenewActivation(ctx context.Context, r RenewActivationRequest) (reply realname.Reply, err error) {
	renew := func(d *operatorDraft) (err error) {
		if d.reply != nil { // a repetition edits nothing, so nothing is written
			reply, err = a.Replay(d.reply, r.Idempotency)
			return err
		}
		if !d.account.Disabled.IsZero() {
			return &realname.Error{Code: realname.CodeNotFound}
		}
		last := d.account.Activation
		if last == nil { // continue from an issue that no earlier code of the account had
			last = &realname.Activation{Issue: d.now.UnixMilli()}
		}
		d.account.Activation, err = NewActivation(a.Sealer, a.SecretHash, d.account.ID, last, d.now, OperatorCodeLife)
		if err != nil {
			return err
		}
		d.account.PasswordHash, d.account.Devices = "", nil
		d.note("activation", "", "")
		reply = r.Render(d.account)
		d.reply, err = a.Keep(reply, r.Idempotency)
		return err
	}
	_, err = a.operator(ctx, r.Caller, r.OperatorID, r.Idempotency, realname.AuditActivationCodeRenewed, renew)
	return reply, err
}

// operatorDraft is a change of an operator in progress.
type operatorDraft struct {
	account realname.Account
	roster  realname.Roster
	now     time.Time
	fields  []realname.AuditField
	also    []realname.AuditEntry
	events  []realname.Announcement
	reply   *realname.Reply // the stored answer to this request, or the answer to store
}

func (d *operatorDraft) note(field, before, after string) {
	d.fields = append(d.fields, realname.AuditField{Field: field, Before: before, After: after})
}

// operator reads an operator of the caller's enterprise, lets edit modify it, and writes
// the result with its audit entry. It revokes all previously issued tokens of the
// operator. After a concurrent write, it starts again.
func (a *Accounts) operator(
	ctx context.Context, c realname.Caller, id string, idem *realname.Idempotency, action realname.AuditAction,
	edit func(*operatorDraft) error,
) (Operator, error) {
	for range rosterTries {
		o, err := a.office(ctx, c, idem)
		if err != nil {
			return Operator{}, err
		}
		if m, ok := o.roster.Member(id); !ok || m.Role != realname.RoleOperator {
			return Operator{}, &realname.Error{Code: realname.CodeNotFound}
		}
		found, err := a.Directory.LoadAccounts(ctx, []string{id})
		if err != nil {
			return Operator{}, err
		}
		if len(found) == 0 || !found[0].Erased.IsZero() { // an erased account cannot be reopened
			return Operator{}, &realname.Error{Code: realname.CodeNotFound}
		}
		d := &operatorDraft{account: found[0], roster: o.roster, now: a.Now(), reply: o.view.Reply}
		if err := edit(d); err != nil {
			return Operator{}, err
		}
		if len(d.fields) == 0 {
			return operatorOf(d.account, o.enterprise), nil
		}
		d.account.TokensFrom = a.Now() // also of a sign-in since the account was read
		entry := realname.AuditEntry{
			ID: a.NewID(), At: d.now, USCC: d.account.USCC, AccountID: c.AccountID, Action: action, Subject: id,
			Fields: d.fields,
		}
		change := realname.Writing(d.account, d.roster, realname.Optional(d.reply))
		change.Audit, change.Trail = append([]realname.AuditEntry{entry}, d.also...), o.view.Trail
		change.Announcements = d.events
		err = a.Store.Commit(ctx, change)
		if err == nil {
			d.account.Version++
			return operatorOf(d.account, o.enterprise), nil
		}
		if !errors.Is(err, realname.ErrStale) {
			return Operator{}, err
		}
	}
	return Operator{}, &realname.Error{Code: realname.CodeConflict}
}

func (a *Accounts) editOperator(d *operatorDraft, details OperatorDetails, confirmed bool) error {
	if !details.Active {
		if err := a.closeOperator(d); err != nil {
			return err
		}
		return a.setContacts(&d.account, details, d.note)
	}
	if !d.account.Disabled.IsZero() {
		d.account.Disabled = time.Time{}
		d.note("active", flag(false), flag(true))
	}
	before := len(d.fields)
	changed, err := a.setHolder(&d.account, &d.roster, details.Holder, d.note)
	if err != nil {
		return err
	}
	if changed && len(d.fields) > before {
		d.account.HolderChanges++
		if d.account.Holder.Passed() {
			if !confirmed {
				return &realname.Error{Code: realname.CodeConfirmWithdrawal, Aspects: []realname.AspectName{realname.HolderAspect}}
			}
			a.withdrawHolder(d)
		}
	}
	return a.setContacts(&d.account, details, d.note)
}

func (a *Accounts) withdrawHolder(d *operatorDraft) {
	passed := d.account.Holder
	d.account.Holder = realname.Aspect{}
	d.events = append(d.events, realname.Announcement{
		ID: a.NewID(), Type: realname.VerificationWithdrawn, At: d.now, USCC: d.account.USCC, AccountID: d.account.ID,
		SessionID: passed.SessionID, Method: passed.Method, Aspect: realname.HolderAspect,
	})
	d.also = append(d.also, realname.AuditEntry{
		ID: a.NewID(), At: d.now, USCC: d.account.USCC, AccountID: d.account.ID, SessionID: passed.SessionID,
		Action: realname.AuditWithdrawn, Method: passed.Method, Aspect: realname.HolderAspect,
	})
}

// closeOperator closes the account and releases its holder's ID number.
func (a *Accounts) closeOperator(d *operatorDraft) error {
	if !d.account.Disabled.IsZero() {
		return nil
	}
	d.account.Disabled, d.account.Devices = d.now, nil
	d.note("active", flag(true), flag(false))
	var err error
	member := realname.Member{AccountID: d.account.ID, Role: realname.RoleOperator}
	d.roster, err = d.roster.Put(member, realname.HolderIndex{})
	return err
}

// setContacts sets the mobile number and the e-mail address that the administrator
// entered. An empty value changes nothing.
func (a *Accounts) setContacts(
	account *realname.Account, details OperatorDetails, note func(field, before, after string),
) error {
	for _, c := range []struct {
		field string
		at    *realname.Sealed
		to    string
		mask  func(string) string
	}{
		{realname.FieldMobile, &account.Mobile, details.Mobile, mask.Mobile},
		{realname.FieldEmail, &account.Email, details.Email, mask.Email},
	} {
		is, err := a.openText(*account, *c.at, c.field)
		if err != nil {
			return err
		}
		if c.to == "" || c.to == is {
			continue
		}
		note(c.field, c.mask(is), c.mask(c.to))
		if *c.at, err = a.Sealer.Seal([]byte(c.to), realname.AccountItem(account.ID), c.field); err != nil {
			return err
		}
	}
	return nil
}
