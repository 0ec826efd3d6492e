package accounts_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"realname/shared/accounts"
	"realname/shared/realname"
	"realname/shared/table/memory"
)

// The refusal of a wrong code takes WrongPace, for existing and for unknown accounts. A
// refusal that does not depend on an account is immediate.
func TestTheRefusalOfAWrongCodeTakesItsTime(t *testing.T) {
	a, caller := accountsOn(t, memory.New(time.Now))
	a.WrongPace = time.Second
	account, err := a.Directory.LoadAccounts(t.Context(), []string{caller.AccountID})
	if err != nil {
		t.Fatal(err)
	}
	var waited time.Duration
	a.Wait = func(_ context.Context, d time.Duration) error { waited = d; return nil }
	for _, login := range []string{account[0].LoginName, "nobody"} {
		for what, refuse := range map[string]func() error{
			"activation": func() error {
				return a.Activate(t.Context(), accounts.ActivateRequest{
					LoginName: login, Code: "0000-0000-0000-0000", NewPassword: "x",
				})
			},
			"reset": func() error {
				return a.ResetPassword(t.Context(), accounts.ResetRequest{
					LoginName: login, Mobile: "13700000001", SMSCode: "123456", NewPassword: "x",
				})
			},
		} {
			waited = 0
			// The test's clock moves during the call, so the wait is slightly shorter.
			err := refuse()
			if realname.CodeOf(err) == "" || waited < 900*time.Millisecond || waited > time.Second {
				t.Errorf("%s of %s: waited %s, %v", what, login, waited, err)
			}
		}
	}
	waited = 0
	malformed := accounts.ResetRequest{LoginName: "nobody", Mobile: "none", SMSCode: "123456"}
	if err := a.ResetPassword(t.Context(), malformed); realname.CodeOf(err) != realname.CodeInvalidRequest ||
		waited != 0 {
		t.Errorf("a malformed request waited %s: %v", waited, err)
	}
	stopped := errors.New("the request was canceled")
	a.Wait = func(context.Context, time.Duration) error { return stopped }
	if err := a.Activate(t.Context(), accounts.ActivateRequest{LoginName: "nobody", Code: "x"}); !errors.Is(err, stopped) {
		t.Errorf("a canceled request: %v", err)
	}
}
