package e2e

import (
	"encoding/json"
	"fmt"
	"testing"

	"realname/e2e/world"
)

// cardJourneys abort the functions of the card method and of the bound card.
func cardJourneys() []journey {
	return []journey{
		{function: "card-challenge", name: "in the card method", least: 2, drive: driveCard},
		{function: "card-answer", name: "in the card method", least: 3, drive: driveCard},
		{function: "finish", name: "in the card method", least: 3, drive: driveCard},
		{function: "account-card", name: "challenging", least: 2, drive: func(t *testing.T, p *place, arm func()) {
			c := p.clerkOf(t, world.Pass)
			k := c.insert("good")
			arm()
			bindAgain(t, c, k)
		}},
		{function: "account-card", name: "binding", least: 3, drive: driveBinding},
		{function: "account-card", name: "unbinding", least: 2, drive: func(t *testing.T, p *place, arm func()) {
			c := p.clerkOf(t, world.Pass)
			bindAgain(t, c, c.insert("good"))
			arm()
			again(t, "unbind", func() answer { return c.delete("/v1/account/card") }, 204)
			if card := c.card(); card != nil {
				t.Errorf("still bound: %+v", card)
			}
			bindAgain(t, c, c.insert("good")) // the old binding does not prevent it
		}},
	}
}

// bindAgain binds with a fresh challenge each time.
func bindAgain(t *testing.T, c *clerk, k *control) {
	t.Helper()
	for range 20 {
		var given struct{ Challenge string }
		challenged := again(t, "challenge",
			func() answer { return c.post("/v1/account/card/challenge", map[string]any{}) }, 201)
		if err := json.Unmarshal(challenged.Body, &given); err != nil {
			t.Fatal(err)
		}
		if a := c.put("/v1/account/card", k.sign(given.Challenge)); a.Status == 200 {
			break
		} else if a.Status < 500 {
			t.Fatalf("bind: %d %s", a.Status, a.Body)
		}
	}
	if c.card() == nil {
		t.Error("no card is bound")
	}
}

// driveBinding first repeats the identical binding. If the first attempt was
// committed, its challenge is used up and the card is bound.
func driveBinding(t *testing.T, p *place, arm func()) {
	c := p.clerkOf(t, world.Pass)
	k := c.insert("good")
	body := k.sign(c.challengeAt("/v1/account/card/challenge"))
	arm()
	a := again(t, "bind", func() answer { return c.put("/v1/account/card", body) }, 200, 422)
	if a.Status == 422 {
		c.wants(a, 422, "card_challenge_used")
	}
	if c.card() == nil {
		t.Error("no card is bound")
	}
	bindAgain(t, c, k)
}

// driveCard ends with a verified session. If the card passed but the answer was
// lost, the service refuses the old token, and the clerk signs in again.
func driveCard(t *testing.T, p *place, arm func()) {
	c := p.clerkOf(t, world.Pass)
	s := c.beginCard()
	k := c.insert("good")
	arm()
	for try := range 20 {
		challenged := c.post("/v1/sessions/"+s.Id+"/card-challenge", map[string]any{},
			"Idempotency-Key", fmt.Sprintf("c%d", try))
		if challenged.Status == 401 || challenged.Status == 409 {
			break // already passed
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
	// Closing the session also revokes the sign-in that came before it.
	eventually(t, func() bool {
		a := p.login(t, c.who).get("/v1/sessions/" + s.Id)
		return a.Status == 200 && a.session(t).Status == "verified"
	}, "the session is verified")
	if state := p.login(t, c.who).enterpriseState(); state.State != "passed" {
		t.Errorf("aspect: %+v", state)
	}
}
