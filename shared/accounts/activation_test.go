package accounts_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"realname/shared/accounts"
	"realname/shared/realname"
)

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
