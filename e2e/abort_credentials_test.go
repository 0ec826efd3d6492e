package e2e

import (
	"testing"

	"realname/e2e/world"
)

// credentialJourneys abort changes of the credentials that a sign-in needs.
func credentialJourneys() []journey {
	return []journey{
		{function: "credentials", name: "changing the password", least: 3, drive: func(t *testing.T, p *place, arm func()) {
			c := p.clerkOf(t, world.Pass)
			_, etag := c.account()
			body := map[string]any{"currentPassword": world.Password, "newPassword": newPassword}
			arm()
			again(t, "change", func() answer { return c.put("/v1/account/password", body, "If-Match", etag) }, 200, 401)
			c.token = ""
			c.tokenFor(newPassword)
			c.wants(c.post("/v1/login", map[string]any{"loginName": c.who.LoginName, "password": world.Password}),
				401, "invalid_credentials")
		}},
		{
			function: "credentials", name: "asking for a code", least: 3, flags: []string{"--sms-interval", "0s"},
			drive: func(t *testing.T, p *place, arm func()) {
				c := p.clerkOf(t, world.Pass)
				mobile := c.who.Administrator.Mobile
				arm()
				again(t, "code", func() answer { return c.post("/v1/account/mobile-codes", map[string]any{"mobile": mobile}) }, 202)
				bindMobile(t, c, mobile, func() {})
			},
		},
		{function: "credentials", name: "binding a mobile number", least: 3, drive: func(t *testing.T, p *place, arm func()) {
			c := p.clerkOf(t, world.Pass)
			mobile := c.who.Administrator.Mobile
			if a := c.post("/v1/account/mobile-codes", map[string]any{"mobile": mobile}); a.Status != 202 {
				t.Fatalf("%d %s", a.Status, a.Body)
			}
			bindMobile(t, c, mobile, arm)
		}},
		{function: "credentials", name: "resetting the password", least: 3, drive: driveReset},
		{function: "credentials", name: "activating", least: 2, drive: func(t *testing.T, p *place, arm func()) {
			c := p.clerkOf(t, world.Pass)
			o := c.addOperator(1, stranger(1))
			who := &clerk{TB: t, at: p, who: c.who}
			who.who.LoginName = o.Operator.LoginName
			body := map[string]any{
				"loginName": o.Operator.LoginName, "activationCode": o.ActivationCode, "newPassword": newPassword,
			}
			arm()
			// If an earlier attempt was committed, the code is used up.
			again(t, "activate", func() answer { return who.post("/v1/activations", body) }, 204, 422)
			who.tokenFor(newPassword)
		}},
	}
}

func bindMobile(t *testing.T, c *clerk, mobile string, arm func()) {
	t.Helper()
	_, etag := c.account()
	body := map[string]any{"mobile": mobile, "smsCode": c.telephone(mobile), "currentPassword": world.Password}
	arm()
	again(t, "bind", func() answer { return c.put("/v1/account/mobile", body, "If-Match", etag) }, 200, 401)
	c.token = c.at.login(t, c.who).token
	if v, _ := c.account(); v.Mobile == nil || (*v.Mobile)[7:] != mobile[7:] {
		t.Errorf("%+v", v)
	}
}

// driveReset arms before the request for the code. The abort hits that request
// or the use of the code, whichever makes the call first.
func driveReset(t *testing.T, p *place, arm func()) {
	c := p.clerkOf(t, world.Pass)
	mobile := c.who.Administrator.Mobile
	if a := c.post("/v1/account/mobile-codes", map[string]any{"mobile": mobile}); a.Status != 202 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	bindMobile(t, c, mobile, func() {})
	who := &clerk{TB: t, at: p, who: c.who}
	code := who.resetCode(mobile, func() { who.asksForCode(c.who.LoginName, mobile) })
	body := map[string]any{
		"loginName": c.who.LoginName, "mobile": mobile, "smsCode": code, "newPassword": newPassword,
	}
	arm()
	// If an earlier attempt was committed, the code is used up.
	again(t, "reset", func() answer { return who.post("/v1/password-resets", body) }, 204, 422)
	who.tokenFor(newPassword)
	c.wants(c.get("/v1/account"), 401, "token_revoked")
}

func (c *clerk) asksForCode(login, mobile string) {
	c.Helper()
	if a := c.post("/v1/password-reset-codes", map[string]any{"loginName": login, "mobile": mobile}); a.Status != 202 {
		c.Fatalf("%d %s", a.Status, a.Body)
	}
}

// messageJourneys abort the sending of a code after its request was answered. It arrives
// all the same, by the stream or by the schedule.
func messageJourneys() []journey {
	return []journey{{
		function: "reset-messages", name: "of a password reset", least: 6,
		flags: []string{"--notify-every", "500ms", "--notify-first", "1s"},
		drive: func(t *testing.T, p *place, arm func()) {
			c := p.clerkOf(t, world.Pass)
			mobile := c.who.Administrator.Mobile
			arm()
			code := c.resetCode(mobile, func() { c.asksForCode(c.who.LoginName, mobile) })
			if a := c.post("/v1/password-resets", map[string]any{
				"loginName": c.who.LoginName, "mobile": mobile, "smsCode": code, "newPassword": newPassword,
			}); a.Status != 204 {
				t.Errorf("%d %s", a.Status, a.Body)
			}
		},
	}}
}
