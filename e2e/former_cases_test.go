package e2e

import (
	"encoding/json"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"

	"realname/api"
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

var formerCases = []formerCaseOf{
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
	{
		name: "bank UKey without a request",
		make: func(c formerCase) string { return c.beginBank().Id },
		goOn: func(c formerCase) {
			c.live()
			c.comesBack(c.atBank(c.handOver(c.session, "CCB"), "own", ""))
			c.becomes(c.session, "verified")
			c.holderIsNext()
		},
	},
	{
		name: "bank UKey with a request",
		make: func(c formerCase) string {
			s := c.beginBank().Id
			c.facts[factRequest] = c.handOver(s, "ABC").Fields["requestId"]
			return s
		},
		goOn: func(c formerCase) {
			bank := bankBy(c.TB, c.at, "ABC")
			good := bank.sign(c.result(c.facts[factRequest], "PASS", func(body map[string]any) {
				body["completedAt"] = c.now().Format(time.RFC3339)
			}), func(b *callback) { b.timestamp = strconv.FormatInt(c.now().Unix(), 10) })
			bank.accepted(good)
			c.becomes(c.session, "verified")
			bank.accepted(good)
			c.holderIsNext()
		},
	},
	{
		name: "bank UKey refused by the bank",
		make: func(c formerCase) string {
			s := c.beginBank().Id
			c.comesBack(c.atBank(c.handOver(s, "CCB"), "expired", ""))
			return s
		},
		goOn: func(c formerCase) {
			if s := c.get("/v1/sessions/" + c.session).session(c); s.LastError == nil {
				c.Errorf("%+v", s)
			}
			c.comesBack(c.atBank(c.handOver(c.session, "CMBC"), "own", ""))
			c.becomes(c.session, "verified")
		},
	},
	{
		name: "E-Port card without a challenge",
		make: func(c formerCase) string { return c.beginCard().Id },
		goOn: func(c formerCase) {
			c.live()
			c.signs(c.challenge(c.session))
		},
	},
	{
		name: "E-Port card with a challenge",
		make: func(c formerCase) string {
			s := c.beginCard().Id
			c.answerCard(s, c.insert("revoked").sign(c.challenge(s)))
			c.facts[factCode] = c.challenge(s)
			return s
		},
		goOn: func(c formerCase) {
			c.signs(c.facts[factCode])
		},
	},
	{
		name: "the account holder after the bank",
		make: func(c formerCase) string {
			s := c.beginBank().Id
			c.comesBack(c.atBank(c.handOver(s, "CCB"), "own", ""))
			c.becomes(s, "verified")
			return c.beginBy("account_holder").Id
		},
		goOn: func(c formerCase) {
			c.live()
			c.passes(c.session, "account-holder", c.accountHolder())
			c.becomes(c.session, "verified")
			c.bothAspectsPassed()
		},
	},
	{
		name: "an operator after the enterprise",
		make: func(c formerCase) string {
			c.verify()
			person := c.anotherPerson()
			body := c.operatorBody(1, person.IDNumber)
			body["name"] = person.Name
			var added api.OperatorAdded
			if a := c.post("/v1/operators", body); a.Status != 201 || json.Unmarshal(a.Body, &added) != nil {
				c.Fatalf("%d %s", a.Status, a.Body)
			}
			o := c.signIn(added)
			inactive := c.addOperator(2, stranger(80))
			c.facts[factOperator], c.facts[factInactive] = added.Operator.LoginName, inactive.Operator.LoginName
			raw, err := json.Marshal(person)
			if err != nil {
				c.Fatal(err)
			}
			c.facts[factBody] = string(raw)
			return o.beginBy("account_holder").Id
		},
		goOn: func(c formerCase) {
			o := c
			o.clerk = &clerk{TB: c.TB, at: c.at, who: c.who}
			o.who.LoginName = c.facts[factOperator]
			if err := json.Unmarshal([]byte(c.facts[factBody]), &o.who.Administrator); err != nil {
				c.Fatal(err)
			}
			o.token = o.tokenFor(newPassword)
			o.consents()
			o.live()
			o.passes(c.session, "account-holder", o.accountHolder())
			o.becomes(c.session, "verified")
			if list := c.operators(); len(list) != 2 || list[1].Status != "not_activated" {
				c.Errorf("%+v", list)
			}
			c.wants(c.post("/v1/operators", c.operatorBody(3, stranger(80))), 409, "holder_id_taken")
			if a := c.do("DELETE", "/v1/operators/"+c.operators()[1].Id, nil); a.Status != 200 {
				c.Errorf("%d %s", a.Status, a.Body)
			}
		},
	},
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
