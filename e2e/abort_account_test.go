package e2e

import (
	"testing"

	"realname/api"
	"realname/e2e/world"
)

// accountJourneys abort changes of the facts that a verification rests on. If a
// change was committed, the service refuses the old token, and the clerk signs
// in again.
func accountJourneys() []journey {
	return []journey{
		{
			function: "account", name: "changing the enterprise's code", least: 3,
			drive: func(t *testing.T, p *place, arm func()) {
				c := p.clerkOf(t, world.Pass)
				c.verify()
				facts := c.factsOfEnterprise()
				p.mu.Lock()
				facts["uscc"], facts["orgCode"] = world.Codes(1000 + p.taken[world.Pass])
				p.mu.Unlock()
				facts["confirmWithdrawal"] = true
				v := changeAgain(t, c, arm, "enterprise", facts)
				if v.Enterprise.Uscc != facts["uscc"] || v.Aspects.Enterprise.State != "not_passed" ||
					v.Aspects.Holder.State != "passed" {
					t.Errorf("%+v", v)
				}
				eventually(t, func() bool { return c.withdrawals(v.Enterprise.Uscc, c.who.USCC) == 1 },
					"the platform hears of the withdrawal, once")
			},
		},
		{function: "account", name: "changing the holder", least: 3, drive: func(t *testing.T, p *place, arm func()) {
			c := p.clerkOf(t, world.Pass)
			body := map[string]any{
				"name": "新管理员", "idType": "resident_id", "idNumber": stranger(1), "currentPassword": world.Password,
			}
			if v := changeAgain(t, c, arm, "administrator", body); v.Administrator.Name != "新管理员" {
				t.Errorf("%+v", v)
			}
			// The old number is free again, and the new one is taken.
			c.addOperator(1, c.who.Administrator.IDNumber)
			c.wants(c.post("/v1/operators", c.operatorBody(2, stranger(1))), 409, "holder_id_taken")
		}},
		{function: "account", name: "setting the region", least: 2, drive: func(t *testing.T, p *place, arm func()) {
			if v := changeAgain(t, p.clerkOf(t, world.Pass), arm, "region", map[string]any{"region": "天津"}); *v.Region != "天津" {
				t.Errorf("%+v", v)
			}
		}},
	}
}

// changeAgain repeats one change until the service accepts it or has already
// made it.
func changeAgain(t *testing.T, c *clerk, arm func(), what string, body map[string]any) api.Account {
	t.Helper()
	_, etag := c.account()
	arm()
	again(t, what, func() answer { return c.put("/v1/account/"+what, body, "If-Match", etag) }, 200, 401)
	c.token = c.at.login(t, c.who).token
	var v api.Account
	eventually(t, func() bool { // a pending abort may hit this read
		a := c.get("/v1/account")
		if a.Status == 200 {
			v, _ = c.account()
		}
		return a.Status == 200
	}, "the account can be read")
	return v
}

// withdrawals counts the distinct withdrawal events of these enterprises that
// arrived.
func (c *clerk) withdrawals(usccs ...string) int {
	n := 0
	for _, m := range c.received().Webhooks {
		for _, uscc := range usccs {
			if m.Body.Type == "VerificationWithdrawn" && m.Body.Data.USCC == uscc && !m.Again {
				n++
			}
		}
	}
	return n
}
