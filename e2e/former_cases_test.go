package e2e

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"realname/e2e/world"
)

// formerCase is a clerk in a case of a former version.
type formerCase struct {
	*clerk
	session string
	facts   map[string]string
	now     func() time.Time
}

// formerCaseOf is what a former version leaves of one enterprise, and how this version
// goes on with it. A case that is in a fixture must not change what make leaves.
type formerCaseOf struct {
	name      string
	hasty     bool // made while steps stay open for two seconds
	signedOut bool // goOn does not sign in
	make      func(c formerCase) (session string)
	goOn      func(c formerCase)
}

// Names of facts.
const (
	factCode     = "code"
	factBody     = "body"
	factRequest  = "request"
	factOperator = "operator"
	factInactive = "inactive operator"
	factSession  = "session"
)

// formerCases are made in this order; the last one leaves the receiver down.
var formerCases = slices.Concat(formerSteps, formerMethods, formerStored)

// live expects that the session is live, so that there is no second one beside it.
func (c formerCase) live() {
	c.Helper()
	s := c.get("/v1/sessions/" + c.session).session(c)
	if s.Status != "requires_input" {
		c.Fatalf("session is %s", s.Status)
	}
	if p := c.wants(c.start(string(s.Method)), 409, "session_live"); p.SessionID != c.session {
		c.Errorf("%+v", p)
	}
}

// consents agrees to the consent in force if the session asks for it, as sessions of
// version 1.0.0 do.
func (c formerCase) consents() {
	c.Helper()
	a := c.get("/v1/sessions/" + c.session)
	if c.session == "" || a.Status != http.StatusOK { // it is an operator's
		return
	}
	s := a.session(c)
	if !s.ConsentRequired {
		return
	}
	body := map[string]any{"consentVersion": c.consent(string(s.Method))}
	if a := c.post("/v1/sessions/"+c.session+"/consents", body); a.Status != http.StatusOK {
		c.Fatalf("%d %s", a.Status, a.Body)
	}
}

// finishes answers the steps of a live session from the given one on, and expects that
// its end frees the lock.
func (c formerCase) finishes(from string) {
	c.Helper()
	c.live()
	bodies := map[string]func() map[string]any{
		"enterprise": c.enterprise, "legal-representative": c.legalRepresentative, "account-holder": c.accountHolder,
	}
	for _, step := range []string{"enterprise", "legal-representative", "account-holder"} {
		if step == from {
			from = ""
		}
		if from == "" {
			c.passes(c.session, step, bodies[step]())
		}
	}
	c.becomes(c.session, "verified")
	c.bothAspectsPassed()
	c.wants(c.start("legal_representative"), 409, "already_verified")
}

// mistakes answers step 1 wrongly, after which so many attempts are left.
func (c formerCase) mistakes(session string, left int) {
	c.Helper()
	body := maps.Clone(c.enterprise())
	body["name"] = c.who.Name + strings.Repeat("分", left+1) // each is another question
	p := c.refused(session, "enterprise", body, 422, "enterprise_mismatch")
	if p.AttemptsLeft == nil || *p.AttemptsLeft != left {
		c.Errorf("want %d attempts left: %+v", left, p)
	}
}

// fails uses up the attempts of step 1.
func (c formerCase) fails(session string) {
	c.Helper()
	for left := 4; left > 0; left-- {
		c.mistakes(session, left)
	}
	body := c.enterprise()
	body["name"] = c.who.Name + "分"
	c.post("/v1/sessions/"+session+"/enterprise", body)
	c.becomes(session, "failed")
}

// onceKey is the idempotency key of a request that had trouble.
const onceKey = "once"

// unheard posts a step's answer of which the workflow does not hear.
func (c formerCase) unheard(path string, body map[string]any) {
	c.Helper()
	c.sandbox("/sandbox/faults", map[string]any{"target": "workflow", "mode": "error", "times": 1})
	if a := c.post(path, body, "Idempotency-Key", onceKey); a.Status != http.StatusOK {
		c.Fatalf("%d %s", a.Status, a.Body)
	}
}

// sandbox posts to a route of the sandbox.
func (c formerCase) sandbox(path string, body map[string]any) {
	c.Helper()
	if a := c.post(path, body); a.Status != http.StatusOK {
		c.Fatalf("%s: %d %s", path, a.Status, a.Body)
	}
}

// stepOpens waits until repair has told the workflow and the step is open.
func (c formerCase) stepOpens(step string) {
	c.Helper()
	c.eventually(step+" is open", func() bool {
		s := c.get("/v1/sessions/" + c.session).session(c)
		return s.Step != nil && string(*s.Step) == step && s.Status == "requires_input"
	})
}

// signs answers the challenge with the enterprise's card, which is bound to the account
// then.
func (c formerCase) signs(challenge string) {
	c.Helper()
	if a := c.answerCard(c.session, c.insert("good").sign(challenge)); a.Status != 200 {
		c.Errorf("%d %s", a.Status, a.Body)
	}
	c.token = c.tokenFor(world.Password)
	c.becomes(c.session, "verified")
}

// byBankCard is the body of a check of the person's bank card.
func (c formerCase) byBankCard(p world.Person, code string) map[string]any {
	return map[string]any{"by": "bank_card", "bankCardNumber": p.CardNumber, "mobile": p.Mobile, "smsCode": code}
}

// shown expects the session among the person's data, with so many disclosures at least.
func (c formerCase) shown(status string, disclosures int) {
	c.Helper()
	for _, r := range c.personalData().Records {
		if r.SessionId == c.session {
			if string(r.Status) != status || len(r.Disclosures) < disclosures {
				c.Errorf("%+v", r)
			}
			return
		}
	}
	c.Errorf("session %s is not shown", c.session)
}

// anotherPerson is a person whom the providers know and no account has.
func (c formerCase) anotherPerson() world.Person {
	c.Helper()
	return c.at.take(c, world.Pass).LegalRepresentative
}

func (c formerCase) wrongPassword() answer {
	c.Helper()
	return c.post("/v1/login", map[string]any{"loginName": c.who.LoginName, "password": "another one"})
}
