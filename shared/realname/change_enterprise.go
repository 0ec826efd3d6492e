package realname

import (
	"context"
	"errors"

	"realname/shared/idcode"
)

// EnterpriseFacts are what 修改单位信息 asks for.
type EnterpriseFacts struct {
	Name    string
	USCC    string
	OrgCode string
	Address string
}

// addressLength bounds an address, in characters.
const addressLength = 200

func (e EnterpriseFacts) normalized() (EnterpriseFacts, error) {
	var f fieldErrors
	e.Name = f.name("/name", e.Name)
	e.USCC = f.code("/uscc", e.USCC, idcode.ValidateUSCC)
	e.OrgCode = f.code("/orgCode", e.OrgCode, idcode.ValidateOrgCode)
	if f.clean("/uscc", "/orgCode") && !idcode.OrgCodeMatches(e.USCC, e.OrgCode) {
		f.add("/orgCode", "org_code", "differs_from_uscc")
	}
	e.Address = f.text("/address", e.Address, 0, addressLength)
	return e, f.err()
}

// ChangeEnterprise changes the enterprise for all its accounts. A new name or
// code takes the enterprise's authentication back to unverified.
// Errors: those of change; CodeInvalidRequest with fields, CodeEnterpriseCodeTaken,
// CodeEnterpriseTooLarge.
func (a *Accounts) ChangeEnterprise(ctx context.Context, r ChangeRequest, to EnterpriseFacts) (Changed, error) {
	to, err := to.normalized()
	if err != nil {
		return Changed{}, err
	}
	return a.change(ctx, r, AuditEnterpriseChanged, func(ctx context.Context, d *draft) error {
		if err := mayManage(d.account); err != nil {
			return err
		}
		e := &d.enterprise
		for _, field := range []struct {
			name string
			is   *string
			to   string
		}{{"name", &e.Name, to.Name}, {"uscc", &e.USCC, to.USCC}, {"orgCode", &e.OrgCode, to.OrgCode}, {"address", &e.Address, to.Address}} {
			if *field.is != field.to {
				d.note(field.name, *field.is, field.to)
				*field.is = field.to
			}
		}
		if len(d.fields) == 0 {
			return nil
		}
		d.facts = e.USCC != d.before.USCC || !idcode.SameName(e.Name, d.before.Name)
		d.change.Enterprise = e
		if e.USCC != d.before.USCC {
			return a.moveEnterprise(ctx, d)
		}
		return nil
	})
}

// maxMoved bounds the accounts of an enterprise whose code can be changed: each
// is a write of the one transaction, which holds 100.
const maxMoved = 70

// moveEnterprise gives the enterprise's record, its roster and all its accounts
// the new code in one transaction. The new code must be nobody's: else whoever
// types an enterprise's public code would join it, verified as it may be. Each
// refused code counts among the account's failed tries of the day, so that codes
// cannot be probed.
func (a *Accounts) moveEnterprise(ctx context.Context, d *draft) error {
	if d.view.Day.FailedTries >= a.Limits.FailedTriesPerDay {
		return &Error{Code: CodeAttemptsExhausted, RetryAfter: UntilTomorrow(d.now)}
	}
	taken, _, err := a.Directory.LoadRoster(ctx, d.enterprise.USCC)
	if err != nil {
		return err
	}
	if taken.USCC != "" {
		return a.refuseCode(ctx, d)
	}
	e, roster, err := a.Directory.LoadRoster(ctx, d.before.USCC)
	if err != nil {
		return err
	}
	if e.Version != d.before.Version {
		return ErrStale
	}
	if len(roster.Members) > maxMoved {
		return &Error{Code: CodeEnterpriseTooLarge}
	}
	legal, err := OpenIdentity(a.Sealer, d.enterprise.LegalRepresentative, EnterpriseItem(d.before.USCC), FieldLegalRepresentative)
	if err != nil {
		return err
	}
	if d.enterprise.LegalRepresentative != "" {
		d.enterprise.LegalRepresentative, err = SealIdentity(a.Sealer, legal, EnterpriseItem(d.enterprise.USCC), FieldLegalRepresentative)
		if err != nil {
			return err
		}
	}
	if err := a.moveMembers(ctx, d, roster); err != nil {
		return err
	}
	roster.USCC = d.enterprise.USCC
	d.change.MovedFrom, d.change.Roster = d.before.USCC, &roster
	return nil
}

func (a *Accounts) moveMembers(ctx context.Context, d *draft, roster Roster) error {
	d.account.USCC = d.enterprise.USCC
	var ids []string
	for _, m := range roster.Members {
		if m.AccountID != d.account.ID {
			ids = append(ids, m.AccountID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	others, err := a.Directory.LoadAccounts(ctx, ids)
	if err != nil {
		return err
	}
	for _, o := range others {
		o.USCC = d.enterprise.USCC
		d.change.Members = append(d.change.Members, o)
	}
	return nil
}

// refuseCode counts the try and says that the code cannot be used.
func (a *Accounts) refuseCode(ctx context.Context, d *draft) error {
	day := d.view.Day
	day.FailedTries++
	err := a.Store.Commit(ctx, Change{AccountID: d.account.ID, Day: &day})
	if errors.Is(err, ErrStale) {
		return &Error{Code: CodeConflict}
	}
	if err != nil {
		return err
	}
	return &Error{Code: CodeEnterpriseCodeTaken, Fields: []FieldError{{Pointer: "/uscc", Kind: "uscc", Rule: "taken"}}}
}
