package e2e

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"realname/e2e/world"
)

// Each function is ended once after its first outside call, once after its
// second, and so on until it makes no more; whoever tries again must still end
// verified.
func TestEveryFunctionAbortedOnceAfterEachOutsideCallLeavesNoSessionStuck(t *testing.T) {
	if !shared.embedded {
		t.Skip("needs switches of the embedded default")
	}
	for function, least := range map[string]int{
		"login": 3, "account": 2, "methods": 2, "sessions": 4, "enterprise": 4, "legal-representative": 4, "account-holder": 4,
		"sms-codes": 3, "finish": 3, "repair": 10,
	} {
		t.Run(function, func(t *testing.T) {
			t.Parallel()
			for call, fired := 1, true; fired; call++ {
				t.Run(fmt.Sprintf("after call %d", call), func(t *testing.T) {
					fired = false // so that a skipped run is the last
					p := only(t, "--abort-at", fmt.Sprintf("%s:%d", function, call))
					driveThroughFaults(t, p, function == "repair")
					fired = strings.Contains(p.log.String(), "invocation aborted on request")
					if !fired && call <= least {
						t.Errorf("call %d of %s was not reached", call, function)
					}
				})
				if t.Failed() {
					return
				}
			}
		})
	}
}

// driveThroughFaults does what a person does: whatever fails is tried again.
// With a deaf workflow, the last signal is left to repair.
func driveThroughFaults(t *testing.T, p *place, deaf bool) {
	t.Helper()
	who := p.take(t, world.Pass)
	c := &clerk{TB: t, at: p, who: who}
	again := func(what string, f func() answer, good int) answer {
		for range 20 {
			a := f()
			if a.Status == good {
				return a
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
	again("account", func() answer { return c.get("/v1/account") }, 200)
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
	if deaf {
		p.fault(t, "workflow", "error", 1)
	}
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

// The card method's functions are ended likewise. A pass that nobody was told of
// shows as a token that is refused: the clerk signs in again and is verified.
func TestCardFunctionsAbortedOnceAfterEachOutsideCallLeaveNoSessionStuck(t *testing.T) {
	for function, least := range map[string]int{"card-challenge": 2, "card-answer": 3, "finish": 3} {
		t.Run(function, func(t *testing.T) {
			t.Parallel()
			for call, fired := 1, true; fired && !t.Failed(); call++ {
				t.Run(fmt.Sprintf("after call %d", call), func(t *testing.T) {
					fired = false
					p := only(t, "--abort-at", fmt.Sprintf("%s:%d", function, call))
					driveCardThroughFaults(t, p)
					fired = strings.Contains(p.log.String(), "invocation aborted on request")
					if !fired && call <= least {
						t.Errorf("call %d of %s was not reached", call, function)
					}
				})
			}
		})
	}
}

func driveCardThroughFaults(t *testing.T, p *place) {
	t.Helper()
	c := p.clerkOf(t, world.Pass)
	s := c.beginCard()
	k := c.insert("good")
	for try := range 20 {
		challenged := c.post("/v1/sessions/"+s.Id+"/card-challenge", map[string]any{}, "Idempotency-Key", fmt.Sprintf("c%d", try))
		if challenged.Status == 401 || challenged.Status == 409 {
			break // passed already
		}
		var given struct{ Challenge string }
		if challenged.Status != 201 || json.Unmarshal(challenged.Body, &given) != nil {
			continue
		}
		body := k.sign(given.Challenge)
		a := c.answerCard(s.Id, body)
		if a.Status == 200 || a.Status == 401 {
			break
		}
		if a.Status < 500 && a.Status != 409 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	// Closing the session ends the sign-in that came before it, too.
	eventually(t, func() bool {
		a := p.login(t, c.who).get("/v1/sessions/" + s.Id)
		return a.Status == 200 && a.session(t).Status == "verified"
	}, "the session is verified")
	if state := p.login(t, c.who).enterpriseState(); state.State != "passed" {
		t.Errorf("aspect: %+v", state)
	}
}
