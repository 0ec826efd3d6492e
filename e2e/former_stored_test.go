package e2e

import (
	"net/http"
	"strings"

	"realname/e2e/world"
)

// formerStored are closed sessions, limits, changes, and what else is stored.
var formerStored = []formerCaseOf{
	{
		name: "verified",
		make: func(c formerCase) string { return c.verify() },
		goOn: func(c formerCase) {
			c.becomes(c.session, "verified")
			c.bothAspectsPassed()
			c.wants(c.start("legal_representative"), 409, "already_verified")
			c.shown("verified", 1)
			if out := c.at.says(c, "session", "show", c.session); strings.Count(out, "passed") < 3 {
				c.Errorf("%s", out)
			}
			if out := c.at.says(c, "enterprise", "show", c.who.USCC); !strings.Contains(out, c.session) {
				c.Errorf("%s", out)
			}
		},
	},
	{
		name: "failed",
		make: func(c formerCase) string {
			s := c.begin().Id
			c.fails(s)
			return s
		},
		goOn: func(c formerCase) {
			c.becomes(c.session, "failed")
			c.shown("failed", 0)
			if out := c.at.says(c, "session", "show", c.session); strings.Count(out, "enterprise_mismatch") < 5 {
				c.Errorf("%s", out)
			}
			c.fails(c.begin().Id) // these are the tenth of the day
			c.refused(c.begin().Id, "enterprise", c.enterprise(), 429, "attempts_exhausted")
		},
	},
	{
		name: "expired", hasty: true,
		make: func(c formerCase) string {
			s := c.begin().Id
			c.becomes(s, "expired")
			return s
		},
		goOn: func(c formerCase) {
			c.becomes(c.session, "expired")
			c.session = c.begin().Id
			c.finishes("enterprise")
		},
	},
	{
		name: "canceled, all but one session of the day used",
		make: func(c formerCase) (s string) {
			for range 4 {
				s = c.begin().Id
				c.passes(s, "enterprise", c.enterprise())
				c.delete("/v1/sessions/" + s)
				c.becomes(s, "canceled")
			}
			return s
		},
		goOn: func(c formerCase) {
			c.becomes(c.session, "canceled")
			if n := len(c.personalData().Records); n != 4 {
				c.Errorf("%d records", n)
			}
			c.delete("/v1/sessions/" + c.begin().Id)
			c.wants(c.start("legal_representative"), 429, "session_limit_reached")
		},
	},
	{
		name: "all but one code of the day used",
		make: func(c formerCase) string {
			s := c.begin().Id
			c.passes(s, "enterprise", c.enterprise())
			for range 4 {
				c.code(s, "legal_representative", c.who.LegalRepresentative)
			}
			return s
		},
		goOn: func(c formerCase) {
			code := c.code(c.session, "legal_representative", c.who.LegalRepresentative)
			l := c.who.LegalRepresentative
			c.refused(c.session, "sms-codes", map[string]any{
				"step": "legal_representative", "mobile": l.Mobile, "bankCardNumber": l.CardNumber,
			}, 429, "sms_limit_reached")
			c.passes(c.session, "legal-representative", c.byBankCard(l, code))
			c.finishes("account-holder")
		},
	},
	{
		name: "a trail with changes",
		make: func(c formerCase) string {
			for _, region := range []string{"天津", "广西", "河北"} {
				c.changed(c.changes("region", map[string]any{"region": region}), world.Password)
			}
			c.changed(c.changes("administrator", map[string]any{
				"name": c.who.Administrator.Name, "idType": "resident_id", "idNumber": stranger(81),
				"currentPassword": world.Password,
			}), world.Password)
			return ""
		},
		goOn: func(c formerCase) {
			c.token = c.tokenFor(world.Password)
			c.changed(c.changes("region", map[string]any{"region": "天津"}), world.Password)
			out := c.at.says(c, "audit", "export", "--format", "jsonl", "--uscc", c.who.USCC)
			if n := strings.Count(out, "\n"); n != 5 || strings.Count(out, "→")+strings.Count(out, "天津") < 2 {
				c.Errorf("%d entries: %s", n, out)
			}
		},
	},
	{
		name: "withdrawn by a change",
		make: func(c formerCase) string {
			s := c.verify()
			facts := c.factsOfEnterprise()
			facts["name"], facts["confirmWithdrawal"] = c.who.Name+"更名", true
			a := c.changes("enterprise", facts)
			if a.Status == http.StatusBadRequest { // version 1.0.0 does not ask for the password
				delete(facts, "currentPassword")
				a = c.changes("enterprise", facts)
			}
			c.changed(a, world.Password)
			return s
		},
		goOn: func(c formerCase) {
			c.becomes(c.session, "verified")
			if got := c.enterpriseState(); got.State == "passed" {
				c.Errorf("the enterprise reads %s", got.State)
			}
			if out := c.at.says(c, "enterprise", "show", c.who.USCC); !strings.Contains(out, "withdrawn") {
				c.Errorf("%s", out)
			}
			facts := c.factsOfEnterprise()
			facts["name"] = c.who.Name
			c.changed(c.changes("enterprise", facts), world.Password)
			c.session = c.begin().Id
			c.finishes("enterprise")
		},
	},
	{
		name: "consent withdrawn",
		make: func(c formerCase) string {
			s := c.begin().Id
			if a := c.post("/v1/account/consent-withdrawals", []byte(nil)); a.Status != 200 {
				c.Fatalf("%d %s", a.Status, a.Body)
			}
			return s
		},
		goOn: func(c formerCase) {
			c.becomes(c.session, "canceled")
			if d := c.personalData(); d.Consent.Given || d.Consent.WithdrawnAt == nil {
				c.Errorf("%+v", d.Consent)
			}
		},
	},
	{
		name: "erasure requested",
		make: func(c formerCase) string {
			if a := c.asksErasure(world.Password); a.Status != 201 {
				c.Fatalf("%d %s", a.Status, a.Body)
			}
			return ""
		},
		goOn: func(c formerCase) {
			if open := c.requests(c.at); len(open) != 1 {
				c.Errorf("%+v", open)
			}
			if a := c.asksErasure(world.Password); a.Status != 201 || len(c.requests(c.at)) != 1 {
				c.Errorf("%d %s", a.Status, a.Body)
			}
		},
	},
	{
		name: "answers kept",
		make: func(c formerCase) string {
			body := map[string]any{"method": "legal_representative", "consentVersion": c.consent("legal_representative")}
			a := c.post("/v1/sessions", body, "Idempotency-Key", "start")
			s := a.session(c).Id
			b := c.post("/v1/sessions/"+s+"/enterprise", c.enterprise(), "Idempotency-Key", "step")
			c.facts[factBody], c.facts[factSession] = string(b.Body), string(a.Body)
			c.facts[factRequest] = body["consentVersion"].(string)
			return s
		},
		goOn: func(c formerCase) {
			body := map[string]any{"method": "legal_representative", "consentVersion": c.facts[factRequest]}
			for range 2 {
				a := c.post("/v1/sessions", body, "Idempotency-Key", "start")
				b := c.post("/v1/sessions/"+c.session+"/enterprise", c.enterprise(), "Idempotency-Key", "step")
				if string(a.Body) != c.facts[factSession] || string(b.Body) != c.facts[factBody] {
					c.Errorf("%d %s\n%d %s", a.Status, a.Body, b.Status, b.Body)
				}
			}
			body["method"] = "ic_card"
			c.wants(c.post("/v1/sessions", body, "Idempotency-Key", "start"), 422, "idempotency_key_reused")
			c.finishes("legal-representative")
		},
	},
	{
		name: "all but one wrong password used", signedOut: true,
		make: func(c formerCase) string {
			for range 4 {
				c.wants(c.wrongPassword(), 401, "invalid_credentials")
			}
			return ""
		},
		goOn: func(c formerCase) {
			c.wants(c.wrongPassword(), 429, "login_locked")
		},
	},
	{
		name: "a code for a new password",
		make: func(c formerCase) string {
			mobile := c.who.Administrator.Mobile
			c.facts[factCode] = c.resetCode(mobile, func() { c.asksForCode(c.who.LoginName, mobile) })
			return ""
		},
		goOn: func(c formerCase) {
			if a := c.post("/v1/password-resets", map[string]any{
				"loginName": c.who.LoginName, "mobile": c.who.Administrator.Mobile, "smsCode": c.facts[factCode],
				"newPassword": newPassword,
			}); a.Status != http.StatusNoContent {
				c.Errorf("%d %s", a.Status, a.Body)
			}
			c.tokenFor(newPassword)
		},
	},
	{ // the last one: the receiver stays down
		name: "notices pending",
		make: func(c formerCase) string {
			c.sandbox("/sandbox/receiver/fail", map[string]any{"status": http.StatusServiceUnavailable})
			c.delete("/v1/sessions/" + c.begin().Id)
			return c.verify()
		},
		goOn: func(c formerCase) {
			if got := c.told(c.session); got != "SessionClosed "+allEvents {
				c.Errorf("the platform heard %s", got)
			}
		},
	},
}
