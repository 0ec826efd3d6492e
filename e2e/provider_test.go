package e2e

import (
	"math/rand/v2"
	"net/http/httptest"
	"testing"
	"time"

	"realname/e2e/world"
	"realname/local/sandbox/tencent"
)

// simulated returns a service that sends its checks to a simulator of Tencent
// Cloud, through the adapter and the guards of deployed functions.
func simulated(t testing.TB, of crowd) (*place, *tencent.Sim) {
	t.Helper()
	if !shared.embedded {
		t.Skip("needs switches of the embedded default")
	}
	set := of.data(t)
	sim := tencent.New(tencent.Config{
		SecretID: "AKIDe2e", SecretKey: "e2e", Data: set.Sandbox, Rate: 20, Now: time.Now, Random: rand.Float64,
	})
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	p, stop, err := start(of, "--tencent", server.URL, "--tencent-key", "AKIDe2e:e2e")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return p, sim
}

func TestEnterpriseIsVerifiedByTencentCloud(t *testing.T) {
	t.Parallel()
	p, sim := simulated(t, few)
	byIDCard := p.clerkOf(t, world.Pass)
	s := byIDCard.begin()
	byIDCard.allThree(s.Id)
	byIDCard.becomes(s.Id, "verified")

	byCard := p.clerkOf(t, world.Pass)
	s = byCard.begin()
	byCard.passes(s.Id, "enterprise", byCard.enterprise())
	byCard.passes(s.Id, "legal-representative", byCard.legalRepresentativeByCard(s.Id))
	byCard.passes(s.Id, "account-holder", byCard.accountHolderByCard(s.Id))
	byCard.becomes(s.Id, "verified")
	for _, target := range []tencent.Target{tencent.Registry, tencent.IDCard, tencent.BankCard, tencent.SMS} {
		if sim.Seen(target, false).Requests == 0 {
			t.Errorf("%s was not asked", target)
		}
	}
}

func TestTencentCloudsRefusalsAreTheUsers(t *testing.T) {
	t.Parallel()
	p, _ := simulated(t, few)
	c := p.clerkOf(t, world.NotCovered)
	c.refused(c.begin().Id, "enterprise", c.enterprise(), 422, "enterprise_not_covered")
	c = p.clerkOf(t, world.NotInBusiness)
	c.refused(c.begin().Id, "enterprise", c.enterprise(), 422, "enterprise_not_in_business")
	c, s := p.atStep2(t)
	body := c.legalRepresentative()
	body["validTo"] = "00000000"
	c.refused(s, "legal-representative", body, 422, "id_card_validity_mismatch")
	c = p.clerkOf(t, world.LostCard)
	s = c.begin().Id
	c.passes(s, "enterprise", c.enterprise())
	c.refused(s, "legal-representative", c.legalRepresentativeByCard(s), 422, "bank_card_unusable")
	c = p.clerkOf(t, world.Passport)
	s = c.begin().Id
	c.passes(s, "enterprise", c.enterprise())
	c.refused(s, "legal-representative", c.legalRepresentativeByCard(s), 422, "bank_card_unusable")
}

func TestTencentCloudInTroubleCostsNoTryAndThenPasses(t *testing.T) {
	for _, mode := range []tencent.Mode{
		tencent.Error, tencent.ServerDown, tencent.Malformed, tencent.DropAnswer, tencent.Throttle,
	} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			p, sim := simulated(t, few)
			c, s := p.atStep2(t)
			if err := sim.Fault(tencent.IDCard, mode, 3); err != nil { // one request and its two retries
				t.Fatal(err)
			}
			problem := c.refused(s, "legal-representative", c.legalRepresentative(), 503, "provider_unavailable")
			if problem.RetryAfter < 1 {
				t.Errorf("%+v", problem)
			}
			if left := c.get("/v1/sessions/" + s).session(t).Steps[1].AttemptsLeft; left != 5 {
				t.Errorf("%d tries left", left)
			}
			if err := sim.Fault(tencent.IDCard, mode, 0); err != nil {
				t.Fatal(err)
			}
			c.passes(s, "legal-representative", c.legalRepresentative())
		})
	}
}
