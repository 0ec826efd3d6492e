package e2e

import (
	"testing"

	"realname/e2e/world"
)

// wizardJourneys abort every function of the legal-representative method.
func wizardJourneys() []journey {
	var all []journey
	for function, least := range map[string]int{
		"login": 3, "account": 2, "methods": 3, "sessions": 4, "enterprise": 4, "legal-representative": 4,
		"account-holder": 4, "sms-codes": 3, "finish": 3, "repair": 10,
	} {
		all = append(all, journey{
			function: function, name: "in the wizard", least: least,
			drive: func(t *testing.T, p *place, arm func()) { driveWizard(t, p, arm, function == "repair") },
		})
	}
	return all
}

// driveWizard acts as a person does: it retries every failure. If the workflow
// is deaf, only repair can deliver the last signal.
func driveWizard(t *testing.T, p *place, arm func(), deaf bool) {
	t.Helper()
	who := p.take(t, world.Pass)
	c := &clerk{TB: t, at: p, who: who}
	arm()
	again(t, "login", func() answer {
		return c.post("/v1/login", map[string]any{"loginName": who.LoginName, "password": world.Password})
	}, 200)
	c = p.login(t, who)
	again(t, "account", func() answer { return c.get("/v1/account") }, 200)
	again(t, "methods", func() answer { return c.get("/v1/methods") }, 200)
	start := map[string]any{"method": "legal_representative", "consentVersion": c.consent("legal_representative")}
	s := again(t, "start", func() answer { return c.post("/v1/sessions", start, "Idempotency-Key", "k1") }, 201).session(t)
	again(t, "methods with a live session", func() answer { return c.get("/v1/methods") }, 200)
	again(t, "extend", func() answer { return c.post("/v1/sessions/"+s.Id+"/extensions", []byte(nil)) }, 200)
	submit := func(path, key string, body map[string]any) {
		t.Helper()
		again(t, path, func() answer {
			a := c.post("/v1/sessions/"+s.Id+"/"+path, body, "Idempotency-Key", key)
			if a.Status == 409 { // its question may be under way still; the person does not wait for 30 seconds
				key += "x"
			}
			return a
		}, 200)
	}
	submit("enterprise", "k2", c.enterprise())
	l, h := who.LegalRepresentative, who.Administrator
	submit("legal-representative", "k3", map[string]any{"by": "id_card", "validFrom": l.ValidFrom, "validTo": l.ValidTo})
	ask := map[string]any{"step": "account_holder", "mobile": h.Mobile, "bankCardNumber": h.CardNumber}
	a := c.post("/v1/sessions/"+s.Id+"/sms-codes", ask)
	if deaf { // the step is open, so the next signal to the workflow is the last one
		p.fault(t, "workflow", "error", 1)
	}
	if a.Status >= 500 { // the code may not have been sent, so the clerk uses the ID card
		submit("account-holder", "k4", c.accountHolder())
	} else {
		submit("account-holder", "k4", map[string]any{
			"by": "bank_card", "name": h.Name, "idType": h.IDType, "idNumber": h.IDNumber, "bankCardNumber": h.CardNumber,
			"mobile": h.Mobile, "smsCode": c.telephone(h.Mobile),
		})
	}
	eventually(t, func() bool {
		a := c.get("/v1/sessions/" + s.Id)
		return a.Status == 200 && a.session(t).Status == "verified"
	}, "the session is verified")
	c.bothAspectsPassed()
}
