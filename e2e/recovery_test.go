package e2e

import (
	"bytes"
	"fmt"
	"net/http"
	"testing"

	"realname/e2e/world"
)

func containsText(body []byte, text string) bool { return bytes.Contains(body, []byte(text)) }

func TestAForgottenPasswordIsResetByTheBoundMobile(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	mobile := c.who.Administrator.Mobile
	ask := map[string]any{"loginName": c.who.LoginName, "mobile": mobile}
	code := c.resetCode(mobile, func() {
		if a := c.post("/v1/password-reset-codes", ask); a.Status != http.StatusAccepted {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		c.wants(c.post("/v1/password-reset-codes", ask), 429, "sms_limit_reached")
	})
	reset := map[string]any{
		"loginName": c.who.LoginName, "mobile": mobile, "smsCode": code, "newPassword": "password",
	}
	c.wants(c.post("/v1/password-resets", reset), 400, "invalid_request")
	reset["newPassword"] = newPassword
	right := reset["smsCode"]
	reset["smsCode"] = "000000"
	if right == "000000" {
		reset["smsCode"] = "000001"
	}
	c.wants(c.post("/v1/password-resets", reset), 422, "sms_code_wrong")
	reset["smsCode"] = right
	if a := c.post("/v1/password-resets", reset); a.Status != http.StatusNoContent {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	c.wants(c.get("/v1/account"), 401, "token_revoked")
	c.token = c.tokenFor(newPassword)
	c.wants(c.post("/v1/password-resets", reset), 422, "sms_code_expired")
}

// A stranger who asks for codes to the owner's number under made-up login names, or
// under the owner's name to other numbers, does not use up the owner's codes.
func TestStrangersDoNotUseUpTheCodesOfANumber(t *testing.T) {
	c, anybody := shared.clerkOf(t, world.Pass), &clerk{TB: t, at: shared}
	mobile := c.who.Administrator.Mobile
	for n := range 8 {
		for _, ask := range []map[string]any{
			{"loginName": fmt.Sprint("made-up-", c.who.LoginName, n), "mobile": mobile},
			{"loginName": c.who.LoginName, "mobile": fmt.Sprintf("1371234%04d", n)},
		} {
			if a := anybody.post("/v1/password-reset-codes", ask); a.Status != http.StatusAccepted {
				t.Fatalf("%v: %d %s", ask, a.Status, a.Body)
			}
		}
	}
	code := c.resetCode(mobile, func() { c.asksForCode(c.who.LoginName, mobile) })
	reset := map[string]any{
		"loginName": c.who.LoginName, "mobile": mobile, "smsCode": code, "newPassword": newPassword,
	}
	if a := c.post("/v1/password-resets", reset); a.Status != http.StatusNoContent {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
}

// noMessage checks that no message went to a number. Messages are sent in the order of
// their requests, so the message of a later request has to arrive first.
func (c *clerk) noMessage(mobile string) {
	c.Helper()
	if !c.at.embedded {
		return // several at the same time are sent
	}
	later := c.at.take(c, world.Pass)
	bound := later.Administrator.Mobile
	c.resetCode(bound, func() { c.asksForCode(later.LoginName, bound) })
	if a := c.get("/sandbox/sms?mobile=" + mobile); a.Status != http.StatusNotFound {
		c.Errorf("a message went out: %s", a.Body)
	}
}

// A password reset reveals neither which login names exist nor which account
// has a number.
func TestAResetTellsNothing(t *testing.T) {
	c := &clerk{TB: t, at: shared, who: shared.take(t, world.Pass)}
	for name, pair := range map[string][2]string{
		"unknown login name": {"no-such-clerk", "13811110001"},
		"another's number":   {c.who.LoginName, "13811110002"},
	} {
		t.Run(name, func(t *testing.T) {
			c := c.in(t)
			ask := map[string]any{"loginName": pair[0], "mobile": pair[1]}
			if a := c.post("/v1/password-reset-codes", ask); a.Status != http.StatusAccepted {
				t.Fatalf("%d %s", a.Status, a.Body)
			}
			c.wants(c.post("/v1/password-reset-codes", ask), 429, "sms_limit_reached")
			c.noMessage(pair[1])
			reset := map[string]any{"loginName": pair[0], "mobile": pair[1], "smsCode": "123456", "newPassword": newPassword}
			for range 4 {
				c.wants(c.post("/v1/password-resets", reset), 422, "sms_code_wrong")
			}
			c.wants(c.post("/v1/password-resets", reset), 422, "sms_code_wrong") // uses up the code
			c.wants(c.post("/v1/password-resets", reset), 422, "sms_code_expired")
		})
	}
	c.wants(c.post("/v1/activations", map[string]any{
		"loginName": c.who.LoginName, "activationCode": "7K2M-Q9XC-41TB-ZW8D", "newPassword": newPassword,
	}), 422, "activation_code_wrong")
}
