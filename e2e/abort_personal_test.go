package e2e

import (
	"encoding/json"
	"testing"

	"realname/api"
	"realname/e2e/world"
)

// personalDataJourneys abort the holder's withdrawal of the consent and request for
// erasure. A request is recorded once, and no session survives a withdrawal.
func personalDataJourneys() []journey {
	return []journey{
		{function: "account", name: "withdrawing the consent", least: 3, drive: func(t *testing.T, p *place, arm func()) {
			c := p.clerkOf(t, world.Pass)
			s := c.begin().Id
			c.passes(s, "enterprise", c.enterprise())
			arm()
			a := again(t, "withdraw", func() answer {
				return c.post("/v1/account/consent-withdrawals", map[string]any{}, "Idempotency-Key", "k1")
			}, 200)
			var done api.ConsentWithdrawal
			if err := json.Unmarshal(a.Body, &done); err != nil || done.WithdrawnAt == nil ||
				len(done.Canceled) != 1 || done.Canceled[0] != s {
				t.Errorf("%s %v", a.Body, err)
			}
			c.becomes(s, "canceled")
			if n := c.audits("consent_withdrawn"); n != 1 {
				t.Errorf("%d entries", n)
			}
		}},
		{function: "account", name: "asking for erasure", least: 3, drive: func(t *testing.T, p *place, arm func()) {
			c := p.clerkOf(t, world.Pass)
			arm()
			again(t, "ask", func() answer { return c.asksErasure(world.Password, "Idempotency-Key", "k1") }, 201)
			if n := c.audits("erasure_requested"); n != 1 {
				t.Errorf("%d entries", n)
			}
		}},
	}
}
