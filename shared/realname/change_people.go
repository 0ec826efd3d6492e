package realname

import "context"

// ChangeLegalRepresentative changes the enterprise's legal representative
// (修改法定代表人信息), which takes its authentication back to unverified.
// Errors: those of change; CodeInvalidRequest with fields.
func (a *Accounts) ChangeLegalRepresentative(ctx context.Context, r ChangeRequest, to Identity) (Changed, error) {
	var f fieldErrors
	to = f.identity("", to, a.Now())
	if err := f.err(); err != nil {
		return Changed{}, err
	}
	return a.change(ctx, r, AuditLegalRepChanged, func(_ context.Context, d *draft) error {
		if err := mayManage(d.account); err != nil {
			return err
		}
		item := EnterpriseItem(d.enterprise.USCC)
		is, err := OpenIdentity(a.Sealer, d.enterprise.LegalRepresentative, item, FieldLegalRepresentative)
		if err != nil {
			return err
		}
		if is == to {
			return nil
		}
		notePerson(d.note, is, to)
		d.facts = is.IDNumber != "" && !samePerson(is.Person, to.Person)
		d.enterprise.LegalRepresentative, err = SealIdentity(a.Sealer, to, item, FieldLegalRepresentative)
		d.change.Enterprise = &d.enterprise
		return err
	})
}

// ChangeAdministrator changes who holds the account (账号所有人), which takes the
// holder's authentication back to unverified. The ID number must be no other
// account's of the enterprise. Only the administrator's own account is changed
// here; an operator is changed by ChangeOperator.
// Errors: those of change; CodeInvalidRequest with fields, CodeHolderTaken.
func (a *Accounts) ChangeAdministrator(ctx context.Context, r ChangeRequest, to Identity) (Changed, error) {
	var f fieldErrors
	to = f.identity("", to, a.Now())
	if err := f.err(); err != nil {
		return Changed{}, err
	}
	if err := a.Sealer.Ready(); err != nil {
		return Changed{}, err
	}
	return a.change(ctx, r, AuditAdministratorChanged, func(ctx context.Context, d *draft) error {
		if err := mayManage(d.account); err != nil {
			return err
		}
		_, roster, err := a.Directory.LoadRoster(ctx, d.account.USCC)
		if err != nil {
			return err
		}
		changed, err := a.setHolder(&d.account, &roster, to, d.note)
		if err != nil || !changed {
			return err
		}
		d.holder = true
		d.change.Roster = &roster
		return nil
	})
}

// setHolder makes the person the account's holder and moves the roster's entry;
// changed is false when everything was so already.
// Errors: CodeHolderTaken.
func (a *Accounts) setHolder(account *Account, roster *Roster, to Identity, note func(field, before, after string)) (changed bool, err error) {
	item := AccountItem(account.ID)
	is, err := OpenIdentity(a.Sealer, account.Administrator, item, FieldAdministrator)
	if err != nil {
		return false, err
	}
	index := a.Sealer.Index(HolderPurpose, to.IDNumber)
	if member, ok := roster.Member(account.ID); is == to && ok && member.Holder == index {
		return false, nil
	}
	if *roster, err = roster.Put(Member{AccountID: account.ID, Holder: index, Role: account.Role}); err != nil {
		return false, err
	}
	notePerson(note, is, to)
	account.Administrator, err = SealIdentity(a.Sealer, to, item, FieldAdministrator)
	return err == nil, err
}
