package e2e

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"realname/api"
	"realname/api/contract"
	"realname/e2e/world"
)

// Other posts are safe to repeat without a key: they change nothing, revoke the
// token that they carry, name their request in the body, or ask for a state that a
// repetition leaves as it is.
func TestEveryPostThatChangesSomethingTakesAnIdempotencyKey(t *testing.T) {
	without := []string{
		"login", "renewToken", "logout", "issueMachineToken", "listRealNameStatus", "bankCallback",
		"extendSession", "agree", "enableOperator",
	}
	doc, err := contract.Load()
	if err != nil {
		t.Fatal(err)
	}
	for path, item := range doc.Paths.Map() {
		if op := item.Post; op != nil {
			takes := op.Parameters.GetByInAndName("header", "Idempotency-Key") != nil
			if takes == slices.Contains(without, op.OperationID) {
				t.Errorf("%s takes a key: %v", path, takes)
			}
		}
	}
}

// repeats posts a body twice under one key, and then another body under the
// same key.
func (c *clerk) repeats(path string, body, other map[string]any, status int) answer {
	c.Helper()
	first := c.post(path, body, "Idempotency-Key", "k1")
	again := c.post(path, body, "Idempotency-Key", "k1")
	if first.Status != status || again.Status != status || string(first.Body) != string(again.Body) {
		c.Errorf("%s: %d %s, then %d %s", path, first.Status, first.Body, again.Status, again.Body)
	}
	if other != nil {
		c.wants(c.post(path, other, "Idempotency-Key", "k1"), 422, "idempotency_key_reused")
	}
	return first
}

func TestActivationAndItsCodesAreRepeated(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	o := c.addOperator(1, stranger(40))
	path := "/v1/operators/" + o.Operator.Id + "/activation-codes"
	var code api.ActivationCode
	if err := json.Unmarshal(c.repeats(path, nil, nil, 201).Body, &code); err != nil ||
		code.ActivationCode == o.ActivationCode {
		t.Fatalf("%+v %v", code, err)
	}
	anybody := &clerk{TB: t, at: c.at}
	body := func(password string) map[string]any {
		return map[string]any{
			"loginName": o.Operator.LoginName, "activationCode": code.ActivationCode, "newPassword": password,
		}
	}
	anybody.repeats("/v1/activations", body(newPassword), body(newPassword+"x"), 204)
	anybody.wants(anybody.post("/v1/activations", body(newPassword), "Idempotency-Key", "k2"),
		422, "activation_code_wrong")
}

func TestAPasswordResetIsRepeated(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	anybody := &clerk{TB: t, at: c.at}
	mobile := c.who.Administrator.Mobile
	ask := map[string]any{"loginName": c.who.LoginName, "mobile": mobile}
	code := c.resetCode(mobile, func() {
		anybody.repeats("/v1/password-reset-codes", ask,
			map[string]any{"loginName": c.who.LoginName, "mobile": "13700000099"}, 202)
	})
	anybody.wants(anybody.post("/v1/password-reset-codes", ask, "Idempotency-Key", "k2"), 429, "sms_limit_reached")
	reset := func(password string) map[string]any {
		return map[string]any{
			"loginName": c.who.LoginName, "mobile": mobile, "smsCode": code, "newPassword": password,
		}
	}
	anybody.repeats("/v1/password-resets", reset(newPassword), reset(newPassword+"x"), 204)
	c.tokenFor(newPassword)
}

func TestAKeyIsVisibleASCIIWithoutCommas(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	start := map[string]any{"method": "legal_representative", "consentVersion": c.consent("legal_representative")}
	for _, key := range []string{"a b", "a,b", strings.Repeat("a", 65)} {
		c.wants(c.post("/v1/sessions", start, "Idempotency-Key", key), 400, "invalid_request")
	}
	if a := c.post("/v1/sessions", start, "Idempotency-Key", "!+-~"+strings.Repeat("a", 60)); a.Status != 201 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}
