package accounts

import (
	"context"

	"realname/shared/idcode"
	"realname/shared/realname"
)

// EnterpriseFacts are the fields of 修改单位信息.
type EnterpriseFacts struct {
	Name    string
	USCC    string
	OrgCode string
	Address string

	Confirmed []string // pointers of unusual values that the user has confirmed
}

// addressLength is the maximum length of an address, in characters.
const addressLength = 200

func (e EnterpriseFacts) normalized() (EnterpriseFacts, error) {
	f := realname.Fields{Confirmed: e.Confirmed}
	e.Name = f.EnterpriseName("/name", e.Name, idcode.NormalizeCode(e.USCC))
	e.USCC = f.USCC("/uscc", e.USCC)
	e.OrgCode = f.OrgCode("/orgCode", e.OrgCode, e.USCC)
	e.Address = f.Text("/address", e.Address, 0, addressLength)
	return e, f.Err()
}

// ChangeEnterprise changes the enterprise for all its accounts. A new name or code
// withdraws the enterprise's verification and needs the current password.
// Errors: those of change; CodeInvalidRequest and CodeConfirmationNeeded with fields,
// CodePasswordRequired, CodeEnterpriseCodeTaken, CodeEnterpriseTooLarge.
func (a *Accounts) ChangeEnterprise(ctx context.Context, r ChangeRequest, to EnterpriseFacts) (Changed, error) {
	to, err := to.normalized()
	if err != nil {
		return Changed{}, err
	}
	return a.change(ctx, r, realname.AuditEnterpriseChanged, func(ctx context.Context, d *draft) error {
		if err := mayManage(d.account); err != nil {
			return err
		}
		e := &d.enterprise
		for _, field := range []struct {
			name string
			is   *string
			to   string
		}{
			{"name", &e.Name, to.Name},
			{"uscc", &e.USCC, to.USCC},
			{"orgCode", &e.OrgCode, to.OrgCode},
			{"address", &e.Address, to.Address},
		} {
			if *field.is != field.to {
				d.note(field.name, *field.is, field.to)
				*field.is = field.to
			}
		}
		if len(d.fields) == 0 {
			return nil
		}
		d.facts = e.USCC != d.before.USCC || !idcode.SameName(e.Name, d.before.Name)
		d.enterpriseChanged = true
		if e.USCC != d.before.USCC || e.Name != d.before.Name {
			if err := d.asksPassword(r); err != nil {
				return err
			}
		}
		if e.USCC != d.before.USCC {
			return a.moveEnterprise(ctx, d)
		}
		return nil
	})
}

// maxMoved is the maximum number of accounts of an enterprise whose code can change.
// Each account is one write in a transaction, which holds 100.
const maxMoved = 70

// moveEnterprise gives the enterprise's record, its roster and all its accounts the new
// code in one transaction. No other enterprise may have the code: otherwise any user
// could join a verified enterprise by entering its public code. Each refused code
// counts as a failed attempt of the account's day, so that codes cannot be probed.
// Errors: CodeAttemptsExhausted, CodeEnterpriseCodeTaken, CodeEnterpriseTooLarge,
// CodeConflict.
func (a *Accounts) moveEnterprise(ctx context.Context, d *draft) error {
	if d.view.Day.FailedTries >= a.Limits.FailedTriesPerDay {
		return &realname.Error{Code: realname.CodeAttemptsExhausted, RetryAfter: realname.UntilTomorrow(d.now)}
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
		return realname.ErrStale
	}
	if len(roster.Members) > maxMoved {
		return &realname.Error{Code: realname.CodeEnterpriseTooLarge}
	}
	if err := a.resealRepresentative(d); err != nil {
		return err
	}
	if err := a.moveMembers(ctx, d, roster); err != nil {
		return err
	}
	if err := a.moveDay(ctx, d); err != nil {
		return err
	}
	roster.USCC = d.enterprise.USCC
	d.moved = &roster
	return nil
}

// resealRepresentative binds the sealed legal representative to the new code.
func (a *Accounts) resealRepresentative(d *draft) error {
	sealed := d.enterprise.LegalRepresentative
	if sealed == "" {
		return nil
	}
	from, to := realname.EnterpriseItem(d.before.USCC), realname.EnterpriseItem(d.enterprise.USCC)
	legal, err := realname.OpenIdentity(a.Sealer, sealed, from, realname.FieldLegalRepresentative)
	if err != nil {
		return err
	}
	d.enterprise.LegalRepresentative, err = realname.SealIdentity(a.Sealer, legal, to, realname.FieldLegalRepresentative)
	return err
}

func (a *Accounts) moveMembers(ctx context.Context, d *draft, roster realname.Roster) error {
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
		o.USCC, o.TokensFrom = d.enterprise.USCC, d.now // tokens contain the code
		d.change.Add(o)
	}
	return nil
}

// moveDay takes the count of questions to providers along to the new code, so that a
// change of the code does not start it again.
func (a *Accounts) moveDay(ctx context.Context, d *draft) error {
	from, to := d.before.USCC, d.enterprise.USCC
	of, replaced, err := a.Directory.LoadEnterpriseDays(ctx, realname.Day(d.now), from, to)
	d.change.Add(realname.MovedDay{From: from, To: to, Day: of, Replaces: replaced.Version})
	return err
}

// refuseCode counts a failed attempt and refuses the code.
// Errors: CodeEnterpriseCodeTaken, CodeConflict.
func (a *Accounts) refuseCode(ctx context.Context, d *draft) error {
	day := d.view.Day
	day.FailedTries++
	err := a.Store.Commit(ctx, realname.Writing(day.Counted(d.account.ID, a.NewID())))
	if err != nil { // ErrStale: the change is judged again, and counted on the day as it is then
		return err
	}
	taken := realname.FieldError{Pointer: "/uscc", Kind: "uscc", Rule: "taken"}
	return &realname.Error{Code: realname.CodeEnterpriseCodeTaken, Fields: []realname.FieldError{taken}}
}
