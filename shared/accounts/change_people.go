package accounts

import (
	"context"

	"realname/shared/idcode"
	"realname/shared/realname"
)

// ChangeLegalRepresentative changes the enterprise's legal representative
// (修改法定代表人信息), which needs the current password, also if nothing changes:
// otherwise a token alone could try ID numbers until one is right. A different person
// withdraws the enterprise's verification.
// Errors: those of change; CodeInvalidRequest with fields, CodePasswordRequired,
// CodeMaintainedElsewhere.
func (a *Accounts) ChangeLegalRepresentative(
	ctx context.Context, r ChangeRequest, to realname.Identity,
) (Changed, error) {
	var f realname.Fields
	to = f.Identity("", to, a.Now())
	if err := f.Err(); err != nil {
		return Changed{}, err
	}
	return a.change(ctx, r, realname.AuditLegalRepChanged, func(_ context.Context, d *draft) error {
		if err := mayManage(d.account); err != nil {
			return err
		}
		if err := passwordGiven(r); err != nil {
			if d.before.Standing == realname.Untouched { // the password would not help
				return &realname.Error{Code: realname.CodeMaintainedElsewhere}
			}
			return err
		}
		item := realname.EnterpriseItem(d.enterprise.USCC)
		is, err := realname.OpenIdentity(a.Sealer, d.enterprise.LegalRepresentative, item, realname.FieldLegalRepresentative)
		if err != nil {
			return err
		}
		if is == to {
			return nil
		}
		notePerson(d.note, is, to)
		// The first person also counts as a change: an earlier one may have been erased.
		d.facts = !realname.SamePerson(is.Person, to.Person)
		d.enterprise.LegalRepresentative, err = realname.SealIdentity(a.Sealer, to, item, realname.FieldLegalRepresentative)
		d.enterpriseChanged = true
		return err
	})
}

// ChangeAdministrator changes the holder of the administrator's own account
// (账号所有人), which withdraws the holder's verification. No other account of the
// enterprise may have the ID number. ChangeOperator changes the holder of an operator's
// account.
// Errors: those of change; CodeInvalidRequest with fields, CodeHolderTaken.
func (a *Accounts) ChangeAdministrator(ctx context.Context, r ChangeRequest, to realname.Identity) (Changed, error) {
	var f realname.Fields
	to = f.Identity("", to, a.Now())
	if err := f.Err(); err != nil {
		return Changed{}, err
	}
	return a.change(ctx, r, realname.AuditAdministratorChanged, func(ctx context.Context, d *draft) error {
		if err := mayManage(d.account); err != nil {
			return err
		}
		e, roster, err := a.Directory.LoadRoster(ctx, d.account.USCC)
		if err == nil {
			err = realname.AdmitTo(e, d.account)
		}
		if err != nil {
			return err
		}
		changed, err := a.setHolder(&d.account, &roster, to, d.note)
		if err != nil || !changed {
			return err
		}
		d.holder = true
		d.change.Add(roster)
		return nil
	})
}

// setHolder makes the person the account's holder and updates the roster. changed is
// false if both already had these values.
// Errors: CodeHolderTaken.
func (a *Accounts) setHolder(
	account *realname.Account, roster *realname.Roster, to realname.Identity, note func(field, before, after string),
) (changed bool, err error) {
	item := realname.AccountItem(account.ID)
	is, err := realname.OpenIdentity(a.Sealer, account.Administrator, item, realname.FieldAdministrator)
	if err != nil {
		return false, err
	}
	index, err := realname.IndexHolder(a.Sealer, to.Person)
	if err != nil {
		return false, err
	}
	if member, ok := roster.Member(account.ID); is == to && ok && member.Holder == index.Current {
		return false, nil
	}
	if *roster, err = roster.Put(realname.Member{AccountID: account.ID, Role: account.Role}, index); err != nil {
		return false, err
	}
	notePerson(note, is, to)
	if is.IDNumber != "" {
		*account = account.WithHolder(idcode.SameNumber(is.IDType, is.IDNumber, to.IDType, to.IDNumber), a.Now())
	}
	account.Administrator, err = realname.SealIdentity(a.Sealer, to, item, realname.FieldAdministrator)
	return err == nil, err
}
