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

// A wrong code for somebody and for nobody is refused no sooner than the pace;
// what tells nothing of anybody is refused at once.
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
				return a.Activate(t.Context(), accounts.ActivateRequest{LoginName: login, Code: "0000-0000-0000-0000", NewPassword: "x"})
			},
			"reset": func() error {
				return a.ResetPassword(t.Context(), accounts.ResetRequest{LoginName: login, Mobile: "13700000001", SMSCode: "123456", NewPassword: "x"})
			},
		} {
			waited = 0
			if err := refuse(); realname.CodeOf(err) == "" || waited < 900*time.Millisecond || waited > time.Second { // the clock of a test moves on by itself
				t.Errorf("%s of %s: waited %s, %v", what, login, waited, err)
			}
		}
	}
	waited = 0
	if err := a.ResetPassword(t.Context(), accounts.ResetRequest{LoginName: "nobody", Mobile: "none", SMSCode: "123456"}); realname.CodeOf(err) != realname.CodeInvalidRequest || waited != 0 {
		t.Errorf("a malformed request waited %s: %v", waited, err)
	}
	stopped := errors.New("the request was given up")
	a.Wait = func(context.Context, time.Duration) error { return stopped }
	if err := a.Activate(t.Context(), accounts.ActivateRequest{LoginName: "nobody", Code: "x"}); !errors.Is(err, stopped) {
		t.Errorf("a request that was given up: %v", err)
	}
}
