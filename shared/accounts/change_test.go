package accounts_test

import (
	"context"
	"errors"
	"testing"

	"realname/shared/accounts"
	"realname/shared/realname"
)

// The answer to a change has the version of what is stored, so that its page can change
// more without a read.
func TestAChangeAnswersWithTheStoredVersion(t *testing.T) {
	for name, change := range map[string]func(o *own) (accounts.Changed, error){
		"of the account": func(o *own) (accounts.Changed, error) {
			return o.ChangeRegion(t.Context(), o.anyVersion(), "河北")
		},
		"of the enterprise": func(o *own) (accounts.Changed, error) {
			return o.ChangeEnterprise(t.Context(), o.anyVersion(), accounts.EnterpriseFacts{
				Name: "河北安达进出口贸易有限公司", USCC: o.admin.USCC, OrgCode: "MA0R01NM0", Address: "石家庄市示范路",
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOwn(t)
			before, enterprise, err := o.AccountPage(t.Context(), o.caller())
			if err != nil {
				t.Fatal(err)
			}
			changed, err := change(o)
			if err != nil {
				t.Fatal(err)
			}
			after, e, err := o.AccountPage(t.Context(), o.caller())
			if err != nil {
				t.Fatal(err)
			}
			answered, stored := accounts.PageVersion(changed.Account, changed.Enterprise), accounts.PageVersion(after, e)
			if answered != stored || stored <= accounts.PageVersion(before, enterprise) {
				t.Errorf("answered %d, stored %d, before %d", answered, stored, accounts.PageVersion(before, enterprise))
			}
			more := o.anyVersion()
			more.IfMatch = &accounts.Precondition{Versions: []int64{answered}}
			if _, err := o.ChangeReminders(t.Context(), more, realname.Reminders{Login: true}); err != nil {
				t.Errorf("another change of the answered version: %v", err)
			}
		})
	}
}

func TestAPasswordThatCannotBeRatedIsNotSet(t *testing.T) {
	o := newOwn(t)
	before := o.account().PasswordHash
	trouble := errors.New("the program that rates has ended")
	o.Strength = func(context.Context, string, []string) (string, error) { return "", trouble }
	_, err := o.ChangePassword(t.Context(), o.anyVersion(), "another good one")
	if !errors.Is(err, trouble) || o.account().PasswordHash != before {
		t.Errorf("%v", err)
	}
}

func TestThePagesVersionGrowsWithItsEnterprise(t *testing.T) {
	account := realname.Account{Version: 3}
	older, newer := realname.Enterprise{Version: 4}, realname.Enterprise{Version: 5}
	if accounts.PageVersion(account, newer) <= accounts.PageVersion(account, older) {
		t.Error("the version of the page does not grow")
	}
}
