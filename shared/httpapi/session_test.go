package httpapi

import (
	"testing"
	"time"

	"realname/shared/realname"
)

func TestASessionExpiresWithItsStepOrItself(t *testing.T) {
	now := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	due, end := now.Add(30*time.Minute), now.Add(24*time.Hour)
	view := SessionView{Now: func() time.Time { return now }}
	for _, c := range []struct{ due, end, want time.Time }{
		{due, end, due},
		{end.Add(10 * time.Minute), end, end},
	} {
		s := realname.Session{Steps: []realname.Step{{Name: realname.StepEnterprise}}, StepDue: c.due, ExpiresAt: c.end}
		if got := view.Of(english{}, s).ExpiresAt; !got.Equal(c.want) {
			t.Errorf("step due %v, session over %v: %v, want %v", c.due, c.end, got, c.want)
		}
	}
}

// A page that has read the session learns of another consent text, although nothing
// wrote the session.
func TestASessionWithAnOldConsentSaysSo(t *testing.T) {
	view := SessionView{Now: time.Now, Recipients: realname.Recipients{realname.RegistryCheck: {"a"}}}
	s := realname.Session{
		Method: realname.LegalRepresentative, Steps: []realname.Step{{Name: realname.StepEnterprise}},
		ExpiresAt: time.Now().Add(time.Hour),
		Consent:   realname.Consent{Version: view.Recipients.ConsentVersion(realname.LegalRepresentative)},
	}
	before := view.ETag(s)
	if view.Of(english{}, s).ConsentRequired {
		t.Error("the accepted consent is asked for again")
	}
	view.Recipients = realname.Recipients{realname.RegistryCheck: {"b"}}
	if !view.Of(english{}, s).ConsentRequired || view.ETag(s) == before {
		t.Errorf("tag %s, before %s", view.ETag(s), before)
	}
	s.Closed = realname.Canceled
	if view.Of(english{}, s).ConsentRequired {
		t.Error("a closed session asks for consent")
	}
}
