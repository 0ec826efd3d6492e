package realname_test

import (
	"testing"
	"time"

	"realname/shared/realname"
)

func TestATokenIsAdmittedToTheAccountItWasIssuedFor(t *testing.T) {
	account := realname.Account{
		ID: "a", USCC: "U", TokensFrom: noon, Devices: []realname.Device{{SecretHash: "g"}, {SecretHash: "h", SignInID: "s"}},
	}
	for name, c := range map[string]struct {
		change func(c *realname.Caller, a *realname.Account)
		want   realname.Code
	}{
		"issued after": {func(*realname.Caller, *realname.Account) {}, ""},
		"issued at the instant": {
			func(c *realname.Caller, _ *realname.Account) { c.IssuedAt = noon }, realname.CodeTokenRevoked,
		},
		"issued before": {
			func(c *realname.Caller, _ *realname.Account) { c.IssuedAt = noon.Add(-1) }, realname.CodeTokenRevoked,
		},
		"an unknown account": {
			func(_ *realname.Caller, a *realname.Account) { a.ID = "" }, realname.CodeTokenRevoked,
		},
		"a disabled account": {
			func(_ *realname.Caller, a *realname.Account) { a.Disabled = noon }, realname.CodeTokenRevoked,
		},
		"of a sign-in": {func(c *realname.Caller, _ *realname.Account) { c.SignInID = "s" }, ""},
		"of a sign-in that ended": {
			func(c *realname.Caller, _ *realname.Account) { c.SignInID = "t" }, realname.CodeTokenRevoked,
		},
		"of no enterprise": {func(c *realname.Caller, _ *realname.Account) { c.USCC = "" }, ""},
		"of another enterprise": {
			func(c *realname.Caller, _ *realname.Account) { c.USCC = "V" }, realname.CodeTokenRevoked,
		},
		"no enterprise of either": {func(c *realname.Caller, a *realname.Account) { c.USCC, a.USCC = "", "" }, ""},
		"the account's moved away": {
			func(_ *realname.Caller, a *realname.Account) { a.USCC = "V" }, realname.CodeTokenRevoked,
		},
		"the account has none since": {
			func(_ *realname.Caller, a *realname.Account) { a.USCC = "" }, realname.CodeTokenRevoked,
		},
	} {
		caller, a := realname.Caller{AccountID: "a", USCC: "U", IssuedAt: noon.Add(time.Millisecond)}, account
		c.change(&caller, &a)
		if got := realname.CodeOf(realname.Admit(caller, a)); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
	const revoked = realname.CodeTokenRevoked
	for uscc, want := range map[string]realname.Code{"U": "", "V": revoked, "": revoked} {
		if got := realname.CodeOf(realname.AdmitTo(realname.Enterprise{USCC: uscc}, account)); got != want {
			t.Errorf("enterprise %q: got %q, want %q", uscc, got, want)
		}
	}
	for _, c := range []struct {
		session realname.Session
		want    realname.Code
	}{
		{realname.Session{ID: "s", AccountID: "a"}, ""},
		{realname.Session{ID: "s", AccountID: "b"}, realname.CodeNotFound},
		{realname.Session{ID: "", AccountID: "a"}, realname.CodeNotFound},
	} {
		if got := realname.CodeOf(realname.Own(realname.Caller{AccountID: "a"}, c.session)); got != c.want {
			t.Errorf("%+v: got %q, want %q", c.session, got, c.want)
		}
	}
}
