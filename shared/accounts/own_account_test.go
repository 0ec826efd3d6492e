package accounts_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"realname/shared/accounts"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table"
	"realname/shared/table/memory"
)

// mails remembers the confirmations that were sent.
type mails struct {
	sent []accounts.ConfirmationMail
	err  error
}

func (m *mails) SendConfirmation(_ context.Context, c accounts.ConfirmationMail) error {
	m.sent = append(m.sent, c)
	return m.err
}

// messages remembers the codes that were sent.
type messages struct{ sent []realname.SMSMessage }

func (m *messages) SendCode(_ context.Context, s realname.SMSMessage) (realname.CheckResult, error) {
	m.sent = append(m.sent, s)
	return realname.CheckResult{Outcome: realname.Match}, nil
}

// own is the use cases with one administrator, whose mails and messages are kept.
type own struct {
	*accounts.Accounts
	*testing.T
	admin realname.Caller
	store *store.Store
	mails mails
	sms   messages
	table table.Table
}

// deliver sends the messages of password resets that are due.
func (o *own) deliver() {
	o.Helper()
	if _, err := o.SendDueResetMessages(o.Context()); err != nil {
		o.Fatal(err)
	}
}

func newOwn(t *testing.T) *own {
	t.Helper()
	// The table's clock is that of accountsOn, else codes and counters expire at once.
	morning := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	tbl := memory.New(func() time.Time { return morning })
	a, admin := accountsOn(t, tbl)
	o := &own{table: tbl, Accounts: a, T: t, admin: admin, store: a.Directory.(*store.Store)}
	a.ResetRetry = 45 * time.Second
	a.Mail, a.Sessions.SMS = &o.mails, &o.sms
	a.NewSecret = func() (string, error) { return "secret", nil }
	a.Sessions.NewCode = func() (string, error) { return "123456", nil }
	return o
}

// account is the administrator's account as it is stored.
func (o *own) account() realname.Account {
	o.Helper()
	found, err := o.store.LoadAccounts(o.Context(), []string{o.admin.AccountID})
	if err != nil || len(found) != 1 {
		o.Fatal(found, err)
	}
	return found[0]
}

// edit changes the stored account.
func (o *own) edit(change func(a *realname.Account)) {
	o.Helper()
	a := o.account()
	change(&a)
	if err := o.store.Commit(o.Context(), realname.Writing(a)); err != nil {
		o.Fatal(err)
	}
}

// caller is the administrator with a token of this moment.
func (o *own) caller() realname.Caller {
	c := o.admin
	c.IssuedAt = o.Now()
	return c
}

// anyVersion returns a change request of the administrator for any version, with the
// current password.
func (o *own) anyVersion() accounts.ChangeRequest {
	right := "right"
	return accounts.ChangeRequest{Caller: o.caller(), IfMatch: &accounts.Precondition{Any: true}, CurrentPassword: &right}
}

// changeEmail asks for another address.
func (o *own) changeEmail(address string) error {
	r := accounts.ChangeRequest{Caller: o.caller(), IfMatch: &accounts.Precondition{Any: true}}
	_, err := o.ChangeEmail(o.Context(), r, address, "en")
	return err
}

var again = &realname.Idempotency{Key: "k", Fingerprint: "f"}

func TestTheAccountPageIsTheOwners(t *testing.T) {
	o := newOwn(t)
	account, enterprise, err := o.AccountPage(t.Context(), o.caller())
	if err != nil || account.ID != o.admin.AccountID || enterprise.USCC != o.admin.USCC {
		t.Errorf("%+v, %+v, %v", account, enterprise, err)
	}
	revoked := realname.Caller{AccountID: o.admin.AccountID}
	if _, _, err := o.AccountPage(t.Context(), revoked); realname.CodeOf(err) != realname.CodeTokenRevoked {
		t.Errorf("a revoked token: %v", err)
	}
}

func TestOperatorsAreListedPageByPage(t *testing.T) {
	o := newOwn(t)
	var ids []string
	for n := range 3 {
		id, err := addOperator(t, o.Accounts, o.admin, "op-"+string(rune('a'+n)), holder(n))
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	for _, c := range []struct {
		limit int
		after string
		want  []string
		next  string
	}{
		{10, "", ids, ""},
		{3, "", ids, ""},
		{2, "", ids[:2], ids[1]},
		{2, ids[1], ids[2:], ""},
		{1, ids[0], ids[1:2], ids[1]},
		{2, ids[2], nil, ""},
	} {
		page, next, err := o.Operators(t.Context(), o.admin, c.limit, c.after)
		var got []string
		for _, p := range page {
			got = append(got, p.Account.ID)
		}
		if err != nil || !slices.Equal(got, c.want) || next != c.next {
			t.Errorf("%d after %q: %v, next %q, %v", c.limit, c.after, got, next, err)
		}
	}
	if _, _, err := o.Operators(t.Context(), o.admin, 10, "none"); realname.CodeOf(err) != realname.CodeInvalidRequest {
		t.Errorf("an unknown cursor: %v", err)
	}
}

func TestANumberIsBoundByItsCode(t *testing.T) {
	const number = "13800138000"
	o := newOwn(t)
	ask := func(mobile string, idem *realname.Idempotency) realname.Code {
		_, err := o.SendMobileCode(t.Context(), accounts.MobileCodeRequest{
			Caller: o.caller(), Mobile: mobile, Idempotency: idem,
			Render: func(time.Duration, time.Time) realname.Reply { return realname.Reply{Status: 202} },
		})
		return realname.CodeOf(err)
	}
	if got := ask("1", nil); got != realname.CodeInvalidRequest {
		t.Errorf("no number: %q", got)
	}
	for range 2 { // the second is the same request
		if got := ask(number, again); got != "" {
			t.Errorf("%q", got)
		}
	}
	want := realname.SMSMessage{Purpose: realname.SMSBindMobile, Mobile: number, Code: "123456", Minutes: 5}
	if len(o.sms.sent) != 1 || o.sms.sent[0] != want {
		t.Errorf("sent %+v", o.sms.sent)
	}
	if got := ask(number, nil); got != realname.CodeSMSLimit {
		t.Errorf("within the minute: %q", got)
	}
	revoked := accounts.MobileCodeRequest{Caller: realname.Caller{AccountID: o.admin.AccountID}, Mobile: number}
	if _, err := o.SendMobileCode(t.Context(), revoked); realname.CodeOf(err) != realname.CodeTokenRevoked {
		t.Errorf("a revoked token: %v", err)
	}
}

func TestAnOperatorIsClosedInTheVersionThatWasRead(t *testing.T) {
	o := newOwn(t)
	id, err := addOperator(t, o.Accounts, o.admin, "operator", holder(1))
	if err != nil {
		t.Fatal(err)
	}
	at := func(version int64) *accounts.Precondition { return &accounts.Precondition{Versions: []int64{version}} }
	_, err = o.DisableOperator(t.Context(), o.caller(), id, at(9))
	if realname.CodeOf(err) != realname.CodePreconditionFailed {
		t.Errorf("another version: %v", err)
	}
	closed, err := o.DisableOperator(t.Context(), o.caller(), id, at(1))
	if err != nil || closed.Account.Disabled.IsZero() {
		t.Errorf("the version that was read: %+v, %v", closed, err)
	}
}
