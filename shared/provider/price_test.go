package provider_test

import (
	"testing"

	"realname/shared/provider"
	"realname/shared/realname"
)

func TestAmountsAreReadExactly(t *testing.T) {
	for text, want := range map[string]string{
		"0.40": "0.400", "0.4": "0.400", "0.045": "0.045", "12": "12.000", "0": "0.000", "9999.999": "9999.999",
	} {
		if a, err := provider.ParseAmount(text); err != nil || a.String() != want {
			t.Errorf("%s: %s %v, want %s", text, a, err, want)
		}
	}
	for _, text := range []string{"", ".5", "1.", "-1", "1,5", "0.0001", "1e3", "10000", "¥1"} {
		if a, err := provider.ParseAmount(text); err == nil {
			t.Errorf("%q is %s", text, a)
		}
	}
}

func TestOnlyChargedOutcomesCost(t *testing.T) {
	charged, err := provider.ParseCharged("match, not_covered")
	if err != nil {
		t.Fatal(err)
	}
	p := provider.Prices{realname.RegistryCheck: {Amount: 400, Charged: charged}}
	for outcome, want := range map[realname.Outcome]provider.Amount{
		realname.Match: 400, realname.NotCovered: 400, realname.Mismatch: 0, realname.Unavailable: 0,
	} {
		if got := p.Of(realname.RegistryCheck, outcome); got != want {
			t.Errorf("%s: %s, want %s", outcome, got, want)
		}
	}
	if got := p.Of(realname.SMSCheck, realname.Match); got != 0 {
		t.Errorf("a check without a price costs %s", got)
	}
	if _, err := provider.ParseCharged("match,unavailable"); err == nil {
		t.Error("a question without an answer is charged")
	}
}
