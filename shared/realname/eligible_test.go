package realname_test

import (
	"slices"
	"testing"
	"time"

	"realname/shared/realname"
)

func TestMethodsAreForThoseWhomTheyConcern(t *testing.T) {
	passed := realname.Aspect{Method: realname.BankUKey, By: map[realname.Method]time.Time{realname.BankUKey: noon}}
	touched := realname.Enterprise{Standing: realname.Touched}
	verified := realname.Enterprise{Standing: realname.Touched, Aspect: passed}
	untouched := realname.Enterprise{Standing: realname.Untouched}
	moved := realname.Account{Origin: realname.MigratedLocal, Role: realname.RoleAdministrator}
	operator := realname.Account{Origin: realname.MigratedLocal, Role: realname.RoleOperator}
	registered, card := realname.Account{Origin: realname.SingleWindow}, realname.Account{Origin: realname.ICCardLogin}
	held := moved
	held.Holder = realname.Aspect{Method: realname.AccountHolder}
	for _, c := range []struct {
		name       string
		account    realname.Account
		enterprise realname.Enterprise
		method     realname.Method
		want       realname.IneligibleReason
	}{
		{"registered", registered, untouched, realname.ICCard, realname.ReasonSingleWindow},
		{"signs in with a card", card, untouched, realname.ICCard, realname.ReasonCardLogin},
		{"signs in with a card, touched", card, touched, realname.ICCard, ""},
		{"moved in", moved, touched, realname.ICCard, ""},
		{"an operator", operator, touched, realname.ICCard, realname.ReasonOperator},
		{"an operator, as holder", operator, verified, realname.AccountHolder, ""},
		{"the holder before the enterprise", moved, touched, realname.AccountHolder, realname.ReasonEnterpriseNotPassed},
		{"the holder after the enterprise", moved, verified, realname.AccountHolder, ""},
		{"the holder again", held, verified, realname.AccountHolder, realname.ReasonPassed},
		{"a passed holder, another method", held, verified, realname.ICCard, ""},
		{"the method again", moved, verified, realname.BankUKey, realname.ReasonPassed},
		{"another method", moved, verified, realname.ICCard, ""},
	} {
		if got := realname.Eligible(c.account, c.enterprise, c.method); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
	want := []string{"legal_representative", "account_holder"}
	if got := realname.OtherMethods(moved, verified, realname.ICCard); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
