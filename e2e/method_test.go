package e2e

import (
	"encoding/json"
	"reflect"
	"testing"

	"realname/api"
	"realname/e2e/world"
)

func TestEnterpriseIsVerifiedByIDCards(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	s := c.begin()
	c.allThree(s.Id)
	c.becomes(s.Id, "verified")
	c.bothAspectsPassed()
}

func TestEnterpriseIsVerifiedByBankCards(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	s := c.begin()
	c.passes(s.Id, "enterprise", c.enterprise())
	c.passes(s.Id, "legal-representative", c.legalRepresentativeByCard(s.Id))
	c.passes(s.Id, "account-holder", c.accountHolderByCard(s.Id))
	c.becomes(s.Id, "verified")
	c.bothAspectsPassed()
}

func TestLongTermCardIsGivenAsEightZeros(t *testing.T) {
	c := shared.clerkOf(t, world.LongTerm)
	s := c.begin()
	c.allThree(s.Id)
	c.becomes(s.Id, "verified")
}

func TestOtherIDTypesGoByBankCard(t *testing.T) {
	c := shared.clerkOf(t, world.Passport)
	s := c.begin()
	c.passes(s.Id, "enterprise", c.enterprise())
	p := c.refused(s.Id, "legal-representative", c.legalRepresentative(), 400, "invalid_request")
	if len(p.Errors) != 1 || p.Errors[0].Pointer != "/by" || len(p.Alternatives) != 1 || p.Alternatives[0] != "bank_card" {
		t.Errorf("got %+v", p)
	}
	if !shared.embedded { // Tencent Cloud verifies bank cards of resident IDs only
		c.refused(s.Id, "legal-representative", c.legalRepresentativeByCard(s.Id), 422, "bank_card_unusable")
		return
	}
	c.passes(s.Id, "legal-representative", c.legalRepresentativeByCard(s.Id))
	c.passes(s.Id, "account-holder", c.accountHolder())
	c.becomes(s.Id, "verified")
}

func TestSessionIsResumedFromASecondLogin(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	s := c.begin()
	c.passes(s.Id, "enterprise", c.enterprise())
	other := shared.login(t, c.who)
	p := other.wants(other.start("legal_representative"), 409, "session_live")
	if p.SessionID != s.Id {
		t.Fatalf("the problem does not name the session: %+v", p)
	}
	found := other.get("/v1/sessions/" + p.SessionID).session(t)
	if found.Step == nil || *found.Step != "legal_representative" || found.LegalRepresentative == nil {
		t.Fatalf("got %+v", found)
	}
	other.passes(s.Id, "legal-representative", other.legalRepresentative())
	c.passes(s.Id, "account-holder", c.accountHolder())
	other.becomes(s.Id, "verified")
}

func TestAccountsThatCountAsVerifiedAreNotApplicable(t *testing.T) {
	for _, kind := range []world.Kind{world.RegisteredHere, world.LogsInWithACard} {
		c := shared.clerkOf(t, kind)
		c.wants(c.start("legal_representative"), 409, "not_applicable")
		c.bothAspectsPassed()
	}
}

func TestVerifiedEnterpriseIsNotVerifiedTwice(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	s := c.begin()
	c.allThree(s.Id)
	c.becomes(s.Id, "verified")
	c.wants(c.start("legal_representative"), 409, "already_verified")
	c.wants(c.delete("/v1/sessions/"+s.Id), 409, "session_closed")
	c.refused(s.Id, "account-holder", c.accountHolder(), 409, "step_not_open")
}

func TestHolderAloneNeedsItsEnterpriseVerified(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	c.wants(c.start("account_holder"), 409, "not_applicable")
}

func (c *clerk) bothAspectsPassed() {
	c.Helper()
	var m api.Methods
	if a := c.get("/v1/methods"); json.Unmarshal(a.Body, &m) != nil || m.Aspects.Enterprise.State != "passed" ||
		m.Aspects.Holder.State != "passed" {
		c.Fatalf("%d %s", a.Status, a.Body)
	}
}

// A client that shows one consent for all methods starts each with its version.
func TestTheGeneralConsentStartsEveryMethod(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	var m api.Methods
	if a := c.get("/v1/methods"); a.Status != 200 || json.Unmarshal(a.Body, &m) != nil || m.Consent.Text == "" {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if of := consentOf(m, "legal_representative"); !reflect.DeepEqual(m.Consent, of) {
		t.Errorf("general %+v, of the legal representative %+v", m.Consent, of)
	}
	for _, method := range []string{"legal_representative", "bank_ukey", "ic_card"} {
		a := c.post("/v1/sessions", map[string]any{"method": method, "consentVersion": m.Consent.Version})
		if s := a.session(t); a.Status != 201 || s.ConsentRequired {
			t.Errorf("%s: %d %s", method, a.Status, a.Body)
		}
	}
}
