package accounts_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"realname/shared/accounts"
	"realname/shared/mask"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table/memory"
)

// desk is an enterprise with an administrator and one operator, and the secret sent to
// the administrator.
type desk struct {
	*accounts.Accounts
	store    *store.Store
	admin    realname.Caller
	operator string
	secret   string // of the latest confirmation
}

// SendConfirmation implements accounts.Mail.
func (d *desk) SendConfirmation(_ context.Context, m accounts.ConfirmationMail) error {
	d.secret = m.Secret
	return nil
}

// SendCode implements realname.SMS.
func (d *desk) SendCode(context.Context, realname.SMSMessage) (realname.CheckResult, error) {
	return realname.CheckResult{Outcome: realname.Match, Provider: "test"}, nil
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	a, admin := accountsOn(t, memory.New(func() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) }))
	d := &desk{Accounts: a, store: a.Directory.(*store.Store), admin: admin}
	a.Mail, a.Sessions.SMS = d, d
	a.Sessions.NewCode = func() (string, error) { return "123456", nil }
	a.NewSecret = func() (string, error) { return "secret of a link", nil }
	var err error
	if d.operator, err = addOperator(t, a, admin, "op-1", holder(1)); err != nil {
		t.Fatal(err)
	}
	return d
}

// anyVersion returns a change request for any version, with the current password.
func (d *desk) anyVersion() accounts.ChangeRequest {
	right := "right"
	return accounts.ChangeRequest{Caller: d.admin, IfMatch: &accounts.Precondition{Any: true}, CurrentPassword: &right}
}

// Every kind of change revokes the tokens of the changed account, and writes an audit
// entry with the masked values before and after.
func TestEveryKindOfChangeRevokesAndIsAudited(t *testing.T) {
	admin, operator, enterprise := func(d *desk) string { return realname.AccountItem(d.admin.AccountID) },
		func(d *desk) string { return realname.AccountItem(d.operator) },
		func(d *desk) string { return realname.EnterpriseItem(d.admin.USCC) }
	someoneElse := realname.Identity{Person: realname.Person{
		Name: "新来者", IDType: "resident_id", IDNumber: holderNumber(7),
	}}
	person := func(n int) []realname.AuditField {
		return []realname.AuditField{
			{Field: "name", Before: "持**", After: "新**"},
			{Field: "idNumber", Before: mask.ID(holderNumber(n)), After: mask.ID(holderNumber(7))},
		}
	}
	for name, kind := range map[string]struct {
		do     func(t *testing.T, d *desk) error
		action realname.AuditAction
		of     func(*desk) string    // the owner of the values
		values []realname.AuditField // nil if the change has none
	}{
		"enterprise": {func(t *testing.T, d *desk) error {
			_, err := d.ChangeEnterprise(t.Context(), d.anyVersion(), accounts.EnterpriseFacts{
				Name: "河北安达进出口贸易有限公司", USCC: d.admin.USCC, OrgCode: "MA0R01NM0", Address: "石家庄市示范路",
			})
			return err
		}, realname.AuditEnterpriseChanged, enterprise, []realname.AuditField{{Field: "address", After: "石家庄市示范路"}}},
		"legal representative": {func(t *testing.T, d *desk) error {
			_, err := d.ChangeLegalRepresentative(t.Context(), d.anyVersion(), someoneElse)
			return err
		}, realname.AuditLegalRepChanged, enterprise, []realname.AuditField{
			{Field: "name", After: "新**"},
			{Field: "idType", After: "resident_id"},
			{Field: "idNumber", After: mask.ID(holderNumber(7))},
		}},
		"administrator": {func(t *testing.T, d *desk) error {
			_, err := d.ChangeAdministrator(t.Context(), d.anyVersion(), someoneElse)
			return err
		}, realname.AuditAdministratorChanged, admin, person(1000)},
		"password": {func(t *testing.T, d *desk) error {
			_, err := d.ChangePassword(t.Context(), d.anyVersion(), "another good one")
			return err
		}, realname.AuditPasswordChanged, admin, nil},
		"mobile": {func(t *testing.T, d *desk) error {
			code := accounts.MobileCodeRequest{
				Caller: d.admin, Mobile: "13812340001",
				Render: func(time.Duration, time.Time) realname.Reply { return realname.Reply{} },
			}
			if _, err := d.SendMobileCode(t.Context(), code); err != nil {
				return err
			}
			_, err := d.ChangeMobile(t.Context(), d.anyVersion(), "13812340001", "123456")
			return err
		}, realname.AuditMobileChanged, admin, []realname.AuditField{{Field: "mobile", After: "138****0001"}}},
		"email asked for": {func(t *testing.T, d *desk) error {
			_, err := d.ChangeEmail(t.Context(), d.anyVersion(), "clerk@example.com", "en")
			return err
		}, realname.AuditEmailRequested, admin, []realname.AuditField{{Field: "email", After: "c***@example.com"}}},
		"email confirmed": {func(t *testing.T, d *desk) error {
			if _, err := d.ChangeEmail(t.Context(), d.anyVersion(), "clerk@example.com", "en"); err != nil {
				return err
			}
			d.admin.IssuedAt = d.Now() // signed in again
			return d.ConfirmEmail(t.Context(), d.secret, nil)
		}, realname.AuditEmailChanged, admin, []realname.AuditField{{Field: "email", After: "c***@example.com"}}},
		"region": {func(t *testing.T, d *desk) error {
			_, err := d.ChangeRegion(t.Context(), d.anyVersion(), "河北省")
			return err
		}, realname.AuditRegionChanged, admin, []realname.AuditField{{Field: "region", After: "河北"}}},
		"reminders": {func(t *testing.T, d *desk) error {
			_, err := d.ChangeReminders(t.Context(), d.anyVersion(), realname.Reminders{Login: true})
			return err
		}, realname.AuditRemindersChanged, admin, []realname.AuditField{{Field: "login", Before: "false", After: "true"}}},
		"operator": {func(t *testing.T, d *desk) error {
			_, err := d.ChangeOperator(t.Context(), accounts.ChangeOperatorRequest{
				Caller: d.admin, OperatorID: d.operator, IfMatch: &accounts.Precondition{Any: true},
				Details: accounts.OperatorDetails{Holder: someoneElse, Mobile: "13812340001", Active: true},
			})
			return err
		}, realname.AuditOperatorChanged, operator, append(
			person(1), realname.AuditField{Field: "mobile", After: "138****0001"},
		)},
		"operator disabled": {func(t *testing.T, d *desk) error {
			_, err := d.DisableOperator(t.Context(), d.admin, d.operator, nil)
			return err
		}, realname.AuditOperatorDisabled, operator, []realname.AuditField{
			{Field: "active", Before: "true", After: "false"},
		}},
		"activation code": {func(t *testing.T, d *desk) error {
			_, err := d.RenewActivation(t.Context(), accounts.RenewActivationRequest{
				Caller: d.admin, OperatorID: d.operator, Render: func(realname.Account) realname.Reply { return realname.Reply{} },
			})
			return err
		}, realname.AuditActivationCodeRenewed, operator, nil},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.admin.IssuedAt = d.Now()
			whose := func() realname.Caller {
				if kind.of(d) == operator(d) {
					return realname.Caller{AccountID: d.operator, USCC: d.admin.USCC, IssuedAt: d.admin.IssuedAt}
				}
				return d.admin
			}
			d.answers(t, whose(), "")
			if err := kind.do(t, d); err != nil {
				t.Fatal(err)
			}
			d.answers(t, whose(), realname.CodeTokenRevoked)
			d.audits(t, kind.action, kind.of(d), kind.values)
		})
	}
}

// A new operator has no tokens, so the test checks only the audit entry.
func TestAnAddedOperatorIsAudited(t *testing.T) {
	d := newDesk(t)
	d.audits(t, realname.AuditOperatorAdded, realname.AccountItem(d.operator), []realname.AuditField{
		{Field: "name", After: "持**"},
		{Field: "idType", After: "resident_id"},
		{Field: "idNumber", After: mask.ID(holderNumber(1))},
	})
}

// Unbinding a card is audited. It does not change the account, so it does not revoke
// tokens.
func TestUnbindingACardIsAudited(t *testing.T) {
	d := newDesk(t)
	bound := realname.Writing(
		realname.BoundCard{CardCertificate: realname.CardCertificate{ID: "card"}, AccountID: d.admin.AccountID},
		realname.CardOwner{CardID: "card", USCC: d.admin.USCC, Accounts: []string{d.admin.AccountID}},
	)
	if err := d.store.Commit(t.Context(), bound); err != nil {
		t.Fatal(err)
	}
	if err := d.Sessions.UnbindCard(t.Context(), d.admin); err != nil {
		t.Fatal(err)
	}
	d.audits(t, realname.AuditCardUnbound, realname.AccountItem(d.admin.AccountID), nil)
}

// answers checks the error code of a request with the token.
func (d *desk) answers(t *testing.T, token realname.Caller, code realname.Code) {
	t.Helper()
	view, err := d.store.LoadAccount(t.Context(), realname.AccountQuery{AccountID: token.AccountID})
	if err != nil {
		t.Fatal(err)
	}
	if err := realname.Admit(token, view.Account); realname.CodeOf(err) != code {
		t.Errorf("the token: %v, want %q", err, code)
	}
}

// audits checks the action and the values of the trail's last entry.
func (d *desk) audits(t *testing.T, action realname.AuditAction, of string, values []realname.AuditField) {
	t.Helper()
	entries, _, err := d.store.AuditTrail(t.Context(), d.admin.USCC)
	if err != nil || len(entries) == 0 {
		t.Fatal(entries, err)
	}
	last := entries[len(entries)-1]
	if last["action"] != string(action) || last["accountId"] != d.admin.AccountID {
		t.Errorf("the trail ends with %v, want %s by %s", last, action, d.admin.AccountID)
	}
	all, err := d.store.AuditValuesOf(t.Context(), of)
	if err != nil {
		t.Fatal(err)
	}
	var got []realname.AuditField
	for _, v := range all {
		if v.EntryID == last["id"] {
			got = v.Fields
		}
	}
	if !slices.Equal(got, values) {
		t.Errorf("values %+v, want %+v", got, values)
	}
}
