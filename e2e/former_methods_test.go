package e2e

import (
	"encoding/json"
	"strconv"
	"time"

	"realname/api"
)

// formerMethods are sessions of the other methods, and of an operator.
var formerMethods = []formerCaseOf{
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
}
