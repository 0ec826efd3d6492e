package accounts_test

import (
	"context"
	"errors"
	"slices"
	"strings"
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

func TestAnActivationCodeWorksOnceInItsLife(t *testing.T) {
	for life, hours := range map[time.Duration]time.Duration{
		accounts.OperatorCodeLife: 168, accounts.ImportCodeLife: 2160, realname.DefaultLimits().Retention: 26280,
	} {
		if life != hours*time.Hour {
			t.Errorf("got %v, want %d hours", life, hours)
		}
	}
	o := newOwn(t)
	last := &realname.Activation{Issue: 1}
	next, err := accounts.NewActivation(o.Sealer, o.SecretHash, o.admin.AccountID, last, o.Now(), time.Hour)
	if err != nil || next.Issue != 2 {
		t.Fatalf("%+v, %v", next, err)
	}
	code, err := accounts.ActivationCode(o.Sealer, o.admin.AccountID, 2)
	if err != nil || len(code) != 19 || strings.Count(code, "-") != 3 {
		t.Fatalf("%q, %v", code, err)
	}
	o.edit(func(a *realname.Account) { a.Activation, a.PasswordHash = next, "" })
	o.edit(func(a *realname.Account) { *a = a.WithSignIn(realname.Device{SecretHash: "hash"}, o.Now()) })
	login := o.account().LoginName
	activate := func(login, code string, idem *realname.Idempotency) realname.Code {
		return realname.CodeOf(o.Activate(t.Context(), accounts.ActivateRequest{
			LoginName: login, Code: code, NewPassword: "another password", Idempotency: idem,
		}))
	}
	for name, c := range map[string]struct{ login, code string }{
		"a wrong code": {login, "0000-0000-0000-0000"}, "another name": {"nobody", code},
	} {
		if got := activate(c.login, c.code, nil); got != realname.CodeActivationWrong {
			t.Errorf("%s: %q", name, got)
		}
	}
	o.edit(func(a *realname.Account) { a.Disabled = o.Now() })
	if got := activate(login, code, nil); got != realname.CodeActivationWrong {
		t.Errorf("a closed account: %q", got)
	}
	o.edit(func(a *realname.Account) { a.Disabled = time.Time{} })
	for range 2 { // the second is the same request
		if got := activate(login, code, again); got != "" {
			t.Errorf("the right code: %q", got)
		}
	}
	if got := activate(login, code, &realname.Idempotency{Key: "k", Fingerprint: "g"}); got != realname.CodeKeyReused {
		t.Errorf("the same key, another body: %q", got)
	}
	if got := activate(login, code, nil); got != realname.CodeActivationWrong {
		t.Errorf("a used code: %q", got)
	}
	a := o.account()
	err = o.Credentials.Check(t.Context(), login, "another password", "")
	if err != nil || a.Activation != nil || a.TokensFrom.IsZero() || len(a.Devices) > 0 {
		t.Errorf("%v, %+v", err, a)
	}
	o.Strength = func(context.Context, string, []string) (string, error) { return "length", nil }
	if got := activate(login, code, nil); got != realname.CodeInvalidRequest {
		t.Errorf("a weak password: %q", got)
	}
}

func TestAnAddressIsTheAccountsOnceItsLinkIsOpened(t *testing.T) {
	o := newOwn(t)
	if err := o.changeEmail("x"); realname.CodeOf(err) != realname.CodeInvalidRequest {
		t.Errorf("no address: %v", err)
	}
	if err := o.changeEmail("new@example.com"); err != nil {
		t.Fatal(err)
	}
	want := accounts.ConfirmationMail{To: "new@example.com", Secret: "secret", Language: "en", Hours: 24}
	if len(o.mails.sent) != 1 || o.mails.sent[0] != want || o.account().Email != "" {
		t.Errorf("sent %+v", o.mails.sent)
	}
	if err := o.changeEmail("new@example.com"); realname.CodeOf(err) != realname.CodeSMSLimit {
		t.Errorf("within the minute: %v", err)
	}
	if err := o.ConfirmEmail(t.Context(), "another", nil); realname.CodeOf(err) != realname.CodeLinkExpired {
		t.Errorf("another link: %v", err)
	}
	for range 2 { // the second is the same request
		if err := o.ConfirmEmail(t.Context(), "secret", again); err != nil {
			t.Fatal(err)
		}
	}
	a := o.account()
	address, err := o.Sealer.Open(a.Email, realname.AccountItem(a.ID), realname.FieldEmail)
	if err != nil || string(address) != "new@example.com" || a.PendingEmail != "" || a.TokensFrom.IsZero() {
		t.Errorf("%q, %v, %+v", address, err, a)
	}
	if err := o.ConfirmEmail(t.Context(), "secret", nil); realname.CodeOf(err) != realname.CodeLinkExpired {
		t.Errorf("a used link: %v", err)
	}
	if err := o.changeEmail("new@example.com"); err != nil || len(o.mails.sent) != 1 {
		t.Errorf("the same address: %v, sent %d", err, len(o.mails.sent))
	}
}

func TestAMailThatDidNotGoOutIsNotCounted(t *testing.T) {
	o := newOwn(t)
	change := func() error { return o.changeEmail("new@example.com") }
	o.mails.err = errors.New("no network")
	for range o.Limits.SMSPerNumberPerDay + 1 {
		if err := change(); realname.CodeOf(err) != realname.CodeUnavailable || !errors.Is(err, o.mails.err) {
			t.Fatalf("%v", err)
		}
	}
	o.mails.err = nil
	if err := change(); err != nil {
		t.Fatal(err)
	}
	if err := change(); realname.CodeOf(err) != realname.CodeSMSLimit {
		t.Errorf("after one that went out: %v", err)
	}
}

// A mail that asks to confirm an address counts like a message, on the account and on the
// address.
func TestAMailCountsLikeAMessage(t *testing.T) {
	o := newOwn(t)
	o.Limits.SMSPerAccountPerDay, o.Limits.SMSPerNumberPerDay = 2, 1
	o.Limits.SMSInterval = 0
	o.NewSecret = func() (string, error) { return o.NewID(), nil }
	for address, want := range []string{"", "", string(realname.CodeSMSLimit)} {
		err := o.changeEmail(string(rune('a'+address)) + "@example.com")
		if string(realname.CodeOf(err)) != want {
			t.Errorf("mail %d: %v", address+1, err)
		}
	}
	o.Limits.SMSPerAccountPerDay = 3
	if err := o.changeEmail("A@example.com"); realname.CodeOf(err) != realname.CodeSMSLimit {
		t.Errorf("the first address again: %v", err)
	}
}

func TestALinkOfAnEarlierAddressIsExpired(t *testing.T) {
	o := newOwn(t)
	for n, secret := range []string{"first", "second"} {
		o.NewSecret = func() (string, error) { return secret, nil }
		if err := o.changeEmail(string(rune('a'+n)) + "@example.com"); err != nil {
			t.Fatal(err)
		}
	}
	if err := o.ConfirmEmail(t.Context(), "first", nil); realname.CodeOf(err) != realname.CodeLinkExpired {
		t.Errorf("the earlier link: %v", err)
	}
	o.edit(func(a *realname.Account) { a.Disabled = o.Now() })
	if err := o.ConfirmEmail(t.Context(), "second", nil); realname.CodeOf(err) != realname.CodeLinkExpired {
		t.Errorf("of a closed account: %v", err)
	}
	o.edit(func(a *realname.Account) { a.Disabled = time.Time{} })
	if err := o.ConfirmEmail(t.Context(), "second", nil); err != nil {
		t.Errorf("the later link: %v", err)
	}
}

func TestAForgottenPasswordIsSetByTheBoundNumber(t *testing.T) {
	const number = "13800138000"
	o := newOwn(t)
	o.WrongPace = time.Second
	o.edit(func(a *realname.Account) {
		var err error
		if a.Mobile, err = o.Sealer.Seal([]byte(number), realname.AccountItem(a.ID), realname.FieldMobile); err != nil {
			t.Fatal(err)
		}
	})
	o.edit(func(a *realname.Account) { *a = a.WithSignIn(realname.Device{SecretHash: "hash"}, o.Now()) })
	login := o.account().LoginName
	ask := func(login, mobile string, idem *realname.Idempotency) realname.Code {
		_, err := o.SendResetCode(t.Context(), accounts.ResetCodeRequest{
			LoginName: login, Mobile: mobile, Idempotency: idem,
			Render: func(time.Duration, time.Time) realname.Reply { return realname.Reply{Status: 202} },
		})
		o.deliver()
		return realname.CodeOf(err)
	}
	reset := func(login, mobile, code string, idem *realname.Idempotency) realname.Code {
		return realname.CodeOf(o.ResetPassword(t.Context(), accounts.ResetRequest{
			LoginName: login, Mobile: mobile, SMSCode: code, NewPassword: "another password", Idempotency: idem,
		}))
	}
	var waits []time.Duration
	o.Wait = func(_ context.Context, d time.Duration) error {
		waits = append(waits, d.Round(time.Second))
		return nil
	}
	for name, c := range map[string]struct{ login, mobile string }{
		"another number": {login, "13800138001"}, "another name": {"nobody", "13800138002"},
	} {
		if got := ask(c.login, c.mobile, nil); got != "" || len(o.sms.sent) > 0 {
			t.Errorf("%s: %q, sent %v", name, got, o.sms.sent)
		}
		if got := reset(c.login, c.mobile, "123456", nil); got != realname.CodeSMSCodeWrong {
			t.Errorf("%s, with the right code: %q", name, got)
		}
	}
	if !slices.Equal(waits, []time.Duration{time.Second, time.Second}) {
		t.Errorf("the refusals took %v", waits)
	}
	for range 2 { // the second is the same request
		if got := ask(strings.ToUpper(login)+" ", number, again); got != "" {
			t.Errorf("the bound number: %q", got)
		}
	}
	want := realname.SMSMessage{Purpose: realname.SMSResetPassword, Mobile: number, Code: "123456", Minutes: 5}
	if len(o.sms.sent) != 1 || o.sms.sent[0] != want {
		t.Errorf("sent %+v", o.sms.sent)
	}
	if got := ask(login, number, nil); got != realname.CodeSMSLimit {
		t.Errorf("within the minute: %q", got)
	}
	if got := reset(login, number, "654321", nil); got != realname.CodeSMSCodeWrong {
		t.Errorf("a wrong code: %q", got)
	}
	if got := reset(login, "1", "x", nil); got != realname.CodeInvalidRequest {
		t.Errorf("no number: %q", got)
	}
	done := &realname.Idempotency{Key: "reset", Fingerprint: "f"}
	for range 2 { // the second is the same request
		if got := reset(login, number, "123456", done); got != "" {
			t.Errorf("the right code: %q", got)
		}
	}
	err := o.Credentials.Check(t.Context(), login, "another password", "")
	if a := o.account(); err != nil || a.TokensFrom.IsZero() || len(a.Devices) > 0 {
		t.Errorf("the new password: %v, %+v", err, a)
	}
	if got := reset(login, number, "123456", nil); got != realname.CodeSMSCodeExpired {
		t.Errorf("a used code: %q", got)
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
