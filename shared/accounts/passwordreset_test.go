package accounts_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"realname/shared/accounts"
	"realname/shared/realname"
)

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
