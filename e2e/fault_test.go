package e2e

import (
	"os"
	"testing"
	"time"

	"realname/e2e/world"
)

func (p *place) fault(t *testing.T, target, mode string, times int) {
	t.Helper()
	c := &clerk{TB: t, at: p}
	if a := c.post("/sandbox/faults", map[string]any{"target": target, "mode": mode, "times": times}); a.Status != 200 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	p.troubled.Store(times > 0)
}

// outage returns the number of calls that fail in an outage: one for the
// sandbox's provider, and more than the retries of a real provider's client.
func (p *place) outage() int {
	if p.embedded {
		return 1
	}
	return 20
}

func TestProviderDownCostsNoTryAndThenUpPasses(t *testing.T) {
	p := troubled(t)
	for _, mode := range []string{"timeout", "error", "throttle", "drop_answer"} {
		t.Run(mode, func(t *testing.T) {
			c := p.clerkOf(t, world.Pass)
			s := c.begin()
			for _, step := range []struct {
				target, path string
				body         map[string]any
			}{{"registry", "enterprise", c.enterprise()}, {"id_card", "legal-representative", c.legalRepresentative()}} {
				p.fault(t, step.target, mode, p.outage())
				if problem := c.refused(s.Id, step.path, step.body, 503, "provider_unavailable"); problem.RetryAfter < 1 {
					t.Errorf("%+v", problem)
				}
				seen := c.get("/v1/sessions/" + s.Id).session(t)
				for _, st := range seen.Steps {
					if st.AttemptsLeft != 5 {
						t.Errorf("%s: %d tries left", st.Name, st.AttemptsLeft)
					}
				}
				p.fault(t, step.target, mode, 0)
				c.passes(s.Id, step.path, step.body)
			}
			p.fault(t, "sms", mode, p.outage())
			h := c.who.Administrator
			ask := map[string]any{"step": "account_holder", "mobile": h.Mobile, "bankCardNumber": h.CardNumber}
			c.refused(s.Id, "sms-codes", ask, 503, "provider_unavailable")
			p.fault(t, "sms", mode, 0)
			body := c.accountHolderByCard(s.Id)
			p.fault(t, "bank_card", mode, p.outage())
			c.refused(s.Id, "account-holder", body, 503, "provider_unavailable")
			p.fault(t, "bank_card", mode, 0)
			c.passes(s.Id, "account-holder", body)
			c.becomes(s.Id, "verified")
		})
	}
}

func TestTableTroubleIsToldAndChangesNothing(t *testing.T) {
	p := only(t, "--repair-every", "1h") // repair would consume the fault
	for _, mode := range []string{"timeout", "error", "throttle", "drop_answer"} {
		t.Run(mode, func(t *testing.T) {
			c := p.clerkOf(t, world.Pass)
			s := c.begin()
			c.opened(s.Id, "enterprise")
			before := c.stored(s.Id)
			p.fault(t, "table", mode, 1)
			if problem := c.refused(s.Id, "enterprise", c.enterprise(), 503, "service_unavailable"); problem.RetryAfter < 1 {
				t.Errorf("%+v", problem)
			}
			if after := c.stored(s.Id); after != before {
				t.Errorf("the stored session changed\nfrom %s\nto   %s", before, after)
			}
			c.passes(s.Id, "enterprise", c.enterprise())
		})
	}
}

func TestLostSignalsAreRepaired(t *testing.T) {
	p := only(t)
	for _, mode := range []string{"timeout", "error", "throttle", "drop_answer"} {
		t.Run(mode, func(t *testing.T) {
			c := p.clerkOf(t, world.Pass)
			p.fault(t, "workflow", mode, 1)
			s := c.begin()
			for _, step := range []struct {
				path string
				body map[string]any
			}{
				{"enterprise", c.enterprise()},
				{"legal-representative", c.legalRepresentative()},
				{"account-holder", c.accountHolder()},
			} {
				p.fault(t, "workflow", mode, 1)
				c.passes(s.Id, step.path, step.body)
			}
			c.becomes(s.Id, "verified")
		})
	}
}

// hasty returns a service whose steps time out during the test, and the step
// timeout.
func hasty(t *testing.T) (*place, time.Duration) {
	t.Helper()
	if timeout, err := time.ParseDuration(os.Getenv("REALNAME_STEP_TIMEOUT")); err == nil && !shared.embedded {
		t.Parallel() // other tests run during the wait
		return shared, timeout
	}
	return only(t, "--step-timeout", "1s"), time.Second
}

func TestUnansweredStepExpires(t *testing.T) {
	p, timeout := hasty(t)
	c := p.clerkOf(t, world.Pass)
	s := c.begin()
	c.becomesWithin(timeout+20*time.Second, s.Id, "expired")
	c.refused(s.Id, "enterprise", c.enterprise(), 409, "step_not_open")
	start := map[string]any{"method": "legal_representative", "consentVersion": c.consent("legal_representative")}
	c.eventually("nothing bars a new one, once the workflow has closed it",
		func() bool { return c.post("/v1/sessions", start).Status == 201 })
	c.wants(c.delete("/v1/sessions/"+s.Id), 409, "session_closed")
}

func TestCanceledSessionTakesNoAnswer(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	s := c.begin()
	c.passes(s.Id, "enterprise", c.enterprise())
	for range 2 { // canceling twice has the same result
		if a := c.delete("/v1/sessions/" + s.Id); a.Status >= 300 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	c.becomes(s.Id, "canceled")
	c.refused(s.Id, "legal-representative", c.legalRepresentative(), 409, "step_not_open")
}
