package e2e

// formerSteps are sessions of the legal representative with an open step.
var formerSteps = []formerCaseOf{
	{
		name: "step 1 is open",
		make: func(c formerCase) string { return c.begin().Id },
		goOn: func(c formerCase) { c.finishes("enterprise") },
	},
	{
		name: "step 1 failed once",
		make: func(c formerCase) string {
			s := c.begin().Id
			c.mistakes(s, 4)
			return s
		},
		goOn: func(c formerCase) {
			if left := c.get("/v1/sessions/" + c.session).session(c).Steps[0].AttemptsLeft; left != 4 {
				c.Errorf("%d attempts are left", left)
			}
			c.mistakes(c.session, 3)
			c.finishes("enterprise")
		},
	},
	{
		name: "step 2 has a code",
		make: func(c formerCase) string {
			s := c.begin().Id
			c.passes(s, "enterprise", c.enterprise())
			c.facts[factCode] = c.code(s, "legal_representative", c.who.LegalRepresentative)
			return s
		},
		goOn: func(c formerCase) {
			c.live()
			c.passes(c.session, "legal-representative", c.byBankCard(c.who.LegalRepresentative, c.facts[factCode]))
			c.finishes("account-holder")
		},
	},
	{
		name: "step 2 failed once",
		make: func(c formerCase) string {
			s := c.begin().Id
			c.passes(s, "enterprise", c.enterprise())
			body := c.legalRepresentative()
			body["validFrom"], body["validTo"] = "20170312", "20370312"
			c.refused(s, "legal-representative", body, 422, "id_card_validity_mismatch")
			return s
		},
		goOn: func(c formerCase) { c.finishes("legal-representative") },
	},
	{
		name: "step 3 has a code that was guessed once",
		make: func(c formerCase) string {
			s := c.begin().Id
			c.passes(s, "enterprise", c.enterprise())
			c.passes(s, "legal-representative", c.legalRepresentative())
			body := c.accountHolderByCard(s)
			c.facts[factCode] = body["smsCode"].(string)
			body["smsCode"] = other(c.facts[factCode])
			c.refused(s, "account-holder", body, 422, "sms_code_wrong")
			return s
		},
		goOn: func(c formerCase) {
			h := c.who.Administrator
			body := c.byBankCard(h, other(c.facts[factCode]))
			body["name"], body["idType"], body["idNumber"] = h.Name, h.IDType, h.IDNumber
			if p := c.refused(c.session, "account-holder", body, 422, "sms_code_wrong"); *p.AttemptsLeft != 3 {
				c.Errorf("%+v", p)
			}
			body["smsCode"] = c.facts[factCode]
			c.passes(c.session, "account-holder", body)
			c.becomes(c.session, "verified")
		},
	},
	{
		name: "a check of step 1 was begun",
		make: func(c formerCase) string {
			s := c.begin().Id
			c.mistakes(s, 4) // the providers' settings are in the memory then
			at, body := "/v1/sessions/"+s+"/enterprise", c.enterprise()
			c.sandbox("/sandbox/aborts", map[string]any{"function": "enterprise", "call": 3})
			if a := c.post(at, body, "Idempotency-Key", onceKey); a.Status < 500 {
				c.Fatalf("%d %s", a.Status, a.Body)
			}
			c.wants(c.post(at, body, "Idempotency-Key", onceKey), 409, "idempotency_in_progress")
			return s
		},
		goOn: func(c formerCase) {
			c.wants(c.post("/v1/sessions/"+c.session+"/enterprise", c.enterprise(), "Idempotency-Key", onceKey),
				503, "provider_unavailable")
			c.finishes("enterprise")
		},
	},
	{
		name: "step 1 passed and the workflow does not know",
		make: func(c formerCase) string {
			s := c.begin().Id
			c.unheard("/v1/sessions/"+s+"/enterprise", c.enterprise())
			return s
		},
		goOn: func(c formerCase) {
			c.stepOpens("legal_representative")
			at := "/v1/sessions/" + c.session + "/enterprise"
			if a := c.post(at, c.enterprise(), "Idempotency-Key", onceKey); a.Status != 200 {
				c.Errorf("%d %s", a.Status, a.Body)
			}
			c.finishes("legal-representative")
		},
	},
	{
		name: "step 3 passed and the workflow does not know",
		make: func(c formerCase) string {
			s := c.begin().Id
			c.passes(s, "enterprise", c.enterprise())
			c.passes(s, "legal-representative", c.legalRepresentative())
			c.unheard("/v1/sessions/"+s+"/account-holder", c.accountHolder())
			return s
		},
		goOn: func(c formerCase) {
			c.becomes(c.session, "verified")
			c.bothAspectsPassed()
		},
	},
}
