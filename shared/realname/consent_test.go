package realname

import (
	"slices"
	"testing"
	"time"
)

func TestAConsentNamesTheRecipientsOfItsMethodOnly(t *testing.T) {
	r := Recipients{
		RegistryCheck: {"b", "a", "b"}, IDCardCheck: {"a"}, BankCardCheck: nil, SMSCheck: {"c"},
	}
	for m, want := range map[Method][]Recipient{
		LegalRepresentative: {{RegistryCheck, "a"}, {RegistryCheck, "b"}, {IDCardCheck, "a"}, {SMSCheck, "c"}},
		AccountHolder:       {{IDCardCheck, "a"}, {SMSCheck, "c"}},
		BankUKey:            nil,
		ICCard:              nil,
	} {
		if got := r.Of(m); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", m, got, want)
		}
	}
}

func TestAnotherListOfRecipientsIsAnotherVersion(t *testing.T) {
	first := Recipients{RegistryCheck: {"a", "b"}, IDCardCheck: {"a"}}
	for name, c := range map[string]struct {
		then        Recipients
		legal, card bool // whether the version changes
	}{
		"the same in another order": {Recipients{RegistryCheck: {"b", "a"}, IDCardCheck: {"a"}}, false, false},
		"one more":                  {Recipients{RegistryCheck: {"a", "b", "c"}, IDCardCheck: {"a"}}, true, false},
		"one less":                  {Recipients{RegistryCheck: {"a"}, IDCardCheck: {"a"}}, true, false},
		"for another check":         {Recipients{RegistryCheck: {"a", "b"}, BankCardCheck: {"a"}}, true, false},
	} {
		legal := first.ConsentVersion(LegalRepresentative) != c.then.ConsentVersion(LegalRepresentative)
		card := first.ConsentVersion(ICCard) != c.then.ConsentVersion(ICCard)
		if legal != c.legal || card != c.card {
			t.Errorf("%s: changed %v for the legal representative, %v for the card", name, legal, card)
		}
	}
	one, other := Recipients{IDCardCheck: {"a"}}, Recipients{IDCardCheck: {"a"}, RegistryCheck: {"x"}}
	if one.ConsentVersion(AccountHolder) != other.ConsentVersion(AccountHolder) {
		t.Error("a provider that the method does not ask changes its consent")
	}
	if v := first.ConsentVersion(LegalRepresentative); len(v) > 32 {
		t.Errorf("%q is longer than the contract allows", v)
	}
}

func TestTheGeneralConsentCoversEveryMethodAndNoOtherDoes(t *testing.T) {
	r := Recipients{RegistryCheck: {"a"}, IDCardCheck: {"a"}, BankCardCheck: {"b"}, SMSCheck: {"c"}}
	general := r.Of(GeneralConsent)
	for _, m := range Methods() {
		for _, recipient := range r.Of(m) {
			if !slices.Contains(general, recipient) {
				t.Errorf("%s: the general consent does not name %v", m, recipient)
			}
		}
		for _, of := range Methods() {
			if got, want := r.Accepts(m, r.ConsentVersion(of)), of == GeneralConsent ||
				r.ConsentVersion(of) == r.ConsentVersion(m); got != want {
				t.Errorf("%s with the consent of %s: %v, want %v", m, of, got, want)
			}
		}
		if r.Accepts(m, "") || r.Accepts(m, "2026-01") {
			t.Errorf("%s: an older consent is accepted", m)
		}
	}
	more := Recipients{RegistryCheck: {"a", "x"}, IDCardCheck: {"a"}, BankCardCheck: {"b"}, SMSCheck: {"c"}}
	if more.Accepts(LegalRepresentative, r.ConsentVersion(GeneralConsent)) {
		t.Error("the consent to another list is accepted")
	}
}

func TestAConsentIsRenewedWhileTheSessionTakesAnswers(t *testing.T) {
	later := t0.Add(time.Minute)
	s := after(t, newSession(LegalRepresentative), passed(StepEnterprise))
	n, effects, err := Next(s, ConsentGiven{Version: "w"}, DefaultLimits(), later)
	if err != nil || len(effects) != 0 || n.Consent != (Consent{"w", later}) || !n.ChangedAt.Equal(s.ChangedAt) {
		t.Errorf("%+v, %v, %v", n.Consent, effects, err)
	}
	for name, closed := range map[string]Session{
		"canceled": after(t, s, CanceledByUser{}),
		"passed":   after(t, newSession(ICCard), passed(StepCard)),
	} {
		if _, _, err := Next(closed, ConsentGiven{Version: "w"}, DefaultLimits(), later); CodeOf(err) != CodeSessionClosed {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, _, err := Next(s, ConsentGiven{Version: "w"}, DefaultLimits(), s.Deadline()); CodeOf(err) != CodeSessionClosed {
		t.Errorf("at the deadline: %v", err)
	}
}
