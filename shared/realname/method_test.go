package realname_test

import (
	"strings"
	"testing"

	"realname/shared/realname"
)

func TestNamesOfTheContractAreParsedAlone(t *testing.T) {
	for _, o := range []realname.Origin{
		realname.MigratedInspection, realname.MigratedLocal, realname.SingleWindow, realname.ICCardLogin,
	} {
		if got, ok := realname.ParseOrigin(string(o)); got != o || !ok {
			t.Errorf("%s: %v, %v", o, got, ok)
		}
		if got, want := o.Applicable(), strings.HasPrefix(string(o), "migrated_"); got != want {
			t.Errorf("%s: applicable %v", o, got)
		}
	}
	if got, ok := realname.ParseOrigin("other"); got != "" || ok {
		t.Errorf("%v, %v", got, ok)
	}
	for _, m := range realname.Methods() {
		if got, ok := realname.ParseMethod(string(m)); got != m || !ok {
			t.Errorf("%s: %v, %v", m, got, ok)
		}
		card := m == realname.ICCard
		high := card || m == realname.BankUKey
		if (m.Level() == realname.High) != high || m.Recommended() != card || len(m.Steps()) == 0 || len(m.Covers()) == 0 {
			t.Errorf("%s: %s, %v", m, m.Level(), m.Recommended())
		}
	}
	if got, ok := realname.ParseMethod("other"); got != "" || ok || len(got.Steps())+len(got.Covers()) > 0 {
		t.Errorf("%v, %v", got, ok)
	}
	for name, want := range map[string]bool{"PASS": true, "FAIL": true, "": false, "pass": false} {
		if got, ok := realname.ParseBankResult(name); ok != want || string(got) != name {
			t.Errorf("%q: %v, %v", name, got, ok)
		}
	}
	for name, want := range map[string]realname.BankReason{
		"TIMEOUT": realname.BankTimedOut, "UNSPECIFIED": realname.BankUnspecified,
		"x": realname.BankUnspecified, "": realname.BankUnspecified,
	} {
		if got := realname.ParseBankReason(name); got != want {
			t.Errorf("%q: got %s", name, got)
		}
	}
}
