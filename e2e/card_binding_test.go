package e2e

import (
	"encoding/json"
	"net/http"
	"testing"

	"realname/api"
	"realname/e2e/world"
)

// card returns the bound card, or nil if no card is bound.
func (c *clerk) card() *api.BoundCard {
	c.Helper()
	var out api.AccountCard
	if a := c.get("/v1/account/card"); a.Status != 200 || json.Unmarshal(a.Body, &out) != nil {
		c.Fatalf("card: %d %s", a.Status, a.Body)
	}
	return out.Card
}

func (c *clerk) bind(k *control) answer {
	c.Helper()
	return c.put("/v1/account/card", k.sign(c.challengeAt("/v1/account/card/challenge")))
}

func TestCardIsBoundReboundAndUnbound(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	if card := c.card(); card != nil {
		t.Fatalf("a card is bound from the start: %+v", card)
	}
	if a := c.bind(c.insert("good")); a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	first := c.card()
	if first == nil || first.Algorithm != "SM2" || first.Issuer == "" {
		t.Fatalf("%+v", first)
	}
	if a := c.bind(c.insert("rsa")); a.Status != http.StatusOK {
		t.Fatalf("rebind: %d %s", a.Status, a.Body)
	}
	if second := c.card(); second == nil || second.CertificateNumber == first.CertificateNumber ||
		second.Algorithm != "RSA" {
		t.Errorf("rebound: %+v", second)
	}
	for range 2 {
		if a := c.delete("/v1/account/card"); a.Status != http.StatusNoContent {
			t.Errorf("unbind: %d %s", a.Status, a.Body)
		}
	}
	if card := c.card(); card != nil {
		t.Errorf("still bound: %+v", card)
	}
	if state := c.enterpriseState(); state.State != "not_passed" {
		t.Error("binding a card verified the enterprise")
	}
}

func TestOnlyTheOwnEnterprisesCardIsBoundAndOnlyWithItsSignature(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	other := shared.take(t, world.Pass)
	c.wants(c.bind(c.insertCardOf(other.USCC, "good")), 422, "card_enterprise_mismatch")
	c.wants(c.bind(c.insert("revoked")), 422, "card_revoked")
	s := c.beginCard()
	c.wants(c.put("/v1/account/card", c.insert("good").sign(c.challenge(s.Id))), 422, "card_challenge_other_session")
	body := c.insert("good").sign(c.challengeAt("/v1/account/card/challenge"))
	body["signature"] = c.insertCardOf(other.USCC, "good").sign(body["challenge"].(string))["signature"]
	c.wants(c.put("/v1/account/card", body), 422, "card_signature_wrong")
	if card := c.card(); card != nil {
		t.Errorf("bound: %+v", card)
	}
}
