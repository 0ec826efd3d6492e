package e2e

import (
	"fmt"
	"testing"

	"realname/e2e/world"
)

func (p *place) fault(t *testing.T, target, mode string, times int) {
	t.Helper()
	c := &clerk{TB: t, at: p}
	if a := c.post("/sandbox/faults", map[string]any{"target": target, "mode": mode, "times": times}); a.Status != 200 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
}

func TestProviderDownCostsNoTryAndThenUpPasses(t *testing.T) {
	p := only(t)
	for _, mode := range []string{"timeout", "error", "throttle", "drop_answer"} {
		t.Run(mode, func(t *testing.T) {
			c := p.clerkOf(t, world.Pass)
			s := c.begin()
			for _, step := range []struct {
				target, path string
				body         map[string]any
			}{{"registry", "enterprise", c.enterprise()}, {"id_card", "legal-representative", c.legalRepresentative()}} {
				p.fault(t, step.target, mode, 1)
				if problem := c.refused(s.Id, step.path, step.body, 503, "provider_unavailable"); problem.RetryAfter < 1 {
					t.Errorf("%+v", problem)
				}
				seen := c.get("/v1/sessions/" + s.Id).session(t)
				for _, st := range seen.Steps {
					if st.AttemptsLeft != 5 {
						t.Errorf("%s: %d tries left", st.Name, st.AttemptsLeft)
					}
				}
				c.passes(s.Id, step.path, step.body)
			}
			p.fault(t, "sms", mode, 1)
			h := c.who.Administrator
			ask := map[string]any{"step": "account_holder", "mobile": h.Mobile, "bankCardNumber": h.CardNumber}
			c.refused(s.Id, "sms-codes", ask, 503, "provider_unavailable")
			body := c.accountHolderByCard(s.Id)
			p.fault(t, "bank_card", mode, 1)
			c.refused(s.Id, "account-holder", body, 503, "provider_unavailable")
			c.passes(s.Id, "account-holder", body)
			c.becomes(s.Id, "verified")
		})
	}
}

func TestTableTroubleIsToldAndChangesNothing(t *testing.T) {
	p := only(t, "--repair-every", "1h") // repair would use up the fault
	for _, mode := range []string{"timeout", "error", "throttle", "drop_answer"} {
		t.Run(mode, func(t *testing.T) {
			c := p.clerkOf(t, world.Pass)
			s := c.begin()
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
			}{{"enterprise", c.enterprise()}, {"legal-representative", c.legalRepresentative()}, {"account-holder", c.accountHolder()}} {
				p.fault(t, "workflow", mode, 1)
				c.passes(s.Id, step.path, step.body)
			}
			c.becomes(s.Id, "verified")
		})
	}
}

func TestUnansweredStepExpires(t *testing.T) {
	p := only(t, "--step-timeout", "1s")
	c := p.clerkOf(t, world.Pass)
	s := c.begin()
	c.becomes(s.Id, "expired")
	c.refused(s.Id, "enterprise", c.enterprise(), 409, "step_not_open")
	c.wants(c.delete("/v1/sessions/"+s.Id), 409, "session_closed")
	c.begin() // nothing bars a new one
}

func TestCanceledSessionTakesNoAnswer(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	s := c.begin()
	c.passes(s.Id, "enterprise", c.enterprise())
	for range 2 { // canceling twice is canceling
		if a := c.delete("/v1/sessions/" + s.Id); a.Status >= 300 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	c.becomes(s.Id, "canceled")
	c.refused(s.Id, "legal-representative", c.legalRepresentative(), 409, "step_not_open")
}

// calls is how many outside calls of each function the matrix ends it after;
// more than any of them makes, so that the last ones run through.
const calls = 8

func TestEveryFunctionAbortedOnceAfterEachOutsideCallLeavesNoSessionStuck(t *testing.T) {
	for _, function := range []string{"login", "sessions", "methods", "enterprise", "legal-representative", "account-holder", "sms-codes", "finish", "repair"} {
		for call := 1; call <= calls; call++ {
			t.Run(fmt.Sprintf("%s after call %d", function, call), func(t *testing.T) {
				t.Parallel()
				p := only(t, "--abort-at", fmt.Sprintf("%s:%d", function, call))
				driveThroughFaults(t, p)
			})
		}
	}
}

// driveThroughFaults does what a person does: whatever fails is tried again.
func driveThroughFaults(t *testing.T, p *place) {
	t.Helper()
	who := p.take(t, world.Pass)
	c := &clerk{TB: t, at: p, who: who}
	again := func(what string, f func() answer, good ...int) answer {
		for range 20 {
			a := f()
			for _, status := range good {
				if a.Status == status {
					return a
				}
			}
			if a.Status < 500 && a.Status != 409 {
				t.Fatalf("%s: %d %s", what, a.Status, a.Body)
			}
		}
		t.Fatalf("%s never worked\n%s", what, p.log)
		panic("unreachable")
	}
	again("login", func() answer {
		return c.post("/v1/login", map[string]any{"loginName": who.LoginName, "password": world.Password})
	}, 200)
	c = p.login(t, who)
	again("methods", func() answer { return c.get("/v1/methods") }, 200)
	start := map[string]any{"method": "legal_representative", "consentVersion": c.consent()}
	s := again("start", func() answer { return c.post("/v1/sessions", start, "Idempotency-Key", "k1") }, 201).session(t)
	submit := func(path, key string, body map[string]any) {
		t.Helper()
		again(path, func() answer { return c.post("/v1/sessions/"+s.Id+"/"+path, body, "Idempotency-Key", key) }, 200)
	}
	submit("enterprise", "k2", c.enterprise())
	l, h := who.LegalRepresentative, who.Administrator
	submit("legal-representative", "k3", map[string]any{"by": "id_card", "validFrom": l.ValidFrom, "validTo": l.ValidTo})
	ask := map[string]any{"step": "account_holder", "mobile": h.Mobile, "bankCardNumber": h.CardNumber}
	a := c.post("/v1/sessions/"+s.Id+"/sms-codes", ask)
	if a.Status >= 500 { // the code may have been sent all the same; the clerk waits for it, else shows the ID card
		submit("account-holder", "k4", c.accountHolder())
	} else {
		submit("account-holder", "k4", map[string]any{"by": "bank_card", "name": h.Name, "idType": h.IDType, "idNumber": h.IDNumber, "bankCardNumber": h.CardNumber, "mobile": h.Mobile, "smsCode": c.telephone(h.Mobile)})
	}
	c.becomes(s.Id, "verified")
	c.bothAspectsPassed()
}
