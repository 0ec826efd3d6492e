package realname_test

import (
	"strings"
	"testing"

	"realname/shared/realname"
)

func TestARequestOfABankNamesItsSession(t *testing.T) {
	for id, want := range map[string]string{
		"s-1.1": "s-1", "azAZ09-.20": "azAZ09-", "s.": "", ".1": "", "s": "", "s.x": "", "s.1.2": "", "s/.1": "", "s:.1": "",
		"s@.1": "", "s[.1": "", "s`.1": "", "s{.1": "", "s_.1": "",
		strings.Repeat("s", 62) + ".1": strings.Repeat("s", 62), strings.Repeat("s", 63) + ".1": "",
	} {
		got, ok := realname.SessionOfBankRequest(id)
		if ok != (want != "") || ok && got != want {
			t.Errorf("%s: %s, %v", id, got, ok)
		}
	}
}

func TestABankConfirmsTheSessionsEnterprise(t *testing.T) {
	e := realname.SessionEnterprise{Name: "企业（北京）", USCC: "9113000034801880XB"}
	answer := realname.BankAnswer{Name: "企业(北京)", USCC: e.USCC, OrgCode: "34801880X"}
	for name, c := range map[string]struct {
		change func(a *realname.BankAnswer)
		want   bool
	}{
		"it":                   {func(*realname.BankAnswer) {}, true},
		"another name":         {func(a *realname.BankAnswer) { a.Name = "x" }, false},
		"another code":         {func(a *realname.BankAnswer) { a.USCC = "x" }, false},
		"another organization": {func(a *realname.BankAnswer) { a.OrgCode = "x" }, false},
	} {
		a := answer
		c.change(&a)
		if got := e.Confirms(a); got != c.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
	for uscc, want := range map[string]string{e.USCC: "34801880X", e.USCC[1:]: "", e.USCC + "X": ""} {
		if got := (realname.SessionEnterprise{USCC: uscc}).OrgCode(); got != want {
			t.Errorf("%s: got %q", uscc, got)
		}
	}
}
