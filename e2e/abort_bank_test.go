package e2e

import (
	"net/http"
	"testing"

	"realname/e2e/world"
)

// bankJourneys abort the functions of the UKey method. bank_fault_test.go
// covers the callback whose sender does not retry, which only repair can
// complete.
func bankJourneys() []journey {
	return []journey{
		{function: "bank-redirect", name: "choosing a bank", least: 2, drive: func(t *testing.T, p *place, arm func()) {
			c := p.clerkOf(t, world.Pass)
			s := c.beginBank()
			choose := func() answer {
				return c.post("/v1/sessions/"+s.Id+"/bank-redirect", map[string]any{"bank": "ABC"}, "Idempotency-Key", "k1")
			}
			arm()
			first := again(t, "choose", choose, 200)
			if repeated := choose(); string(repeated.Body) != string(first.Body) {
				t.Errorf("another hand-over\n%s\n%s", first.Body, repeated.Body)
			}
			c.atBank(c.handOver(s.Id, "ABC"), "own", "")
			c.becomes(s.Id, "verified")
		}},
		{function: "bank-redirect", name: "listing the banks", drive: func(t *testing.T, p *place, arm func()) {
			c := p.clerkOf(t, world.Pass)
			arm()
			again(t, "list", func() answer { return c.get("/v1/banks") }, 200)
		}},
		{function: "bank-callback", name: "by a bank that tries again", least: 3, drive: driveCallback},
		{function: "bank-returns", name: "of a browser", drive: func(t *testing.T, p *place, arm func()) {
			c := p.clerkOf(t, world.Pass)
			s := c.beginBank()
			back := "/v1/bank-returns/CCB?requestId=" + c.handOver(s.Id, "CCB").Fields["requestId"]
			browser := &clerk{TB: t, at: p}
			arm()
			again(t, "return", func() answer { return browser.get(back) }, http.StatusOK)
			if now := c.get("/v1/sessions/" + s.Id).session(t); now.Status != "requires_input" {
				t.Errorf("a return decided: %+v", now)
			}
		}},
	}
}

func driveCallback(t *testing.T, p *place, arm func()) {
	bank, c := bankBy(t, p, "CCB"), p.clerkOf(t, world.Pass)
	s := c.beginBank()
	body := c.result(c.handOver(s.Id, "CCB").Fields["requestId"], "PASS", nil)
	arm()
	again(t, "call back", func() answer { return bank.send(bank.sign(body, nil)) }, 200)
	c.becomes(s.Id, "verified")
	bank.accepted(bank.sign(body, nil))
	if state := c.enterpriseState(); state.State != "passed" || *state.Method != "bank_ukey" {
		t.Errorf("aspect: %+v", state)
	}
}
