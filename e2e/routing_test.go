package e2e

import (
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"realname/e2e/world"
	"realname/local/sandbox/aliyun"
	"realname/local/sandbox/baidu"
	"realname/local/sandbox/provider"
	"realname/local/sandbox/tencent"
	"realname/local/sandbox/trouble"
	"realname/shared/idcode"
	"realname/shared/realname"
)

// providers are simulators of the three providers, with data of their own.
type providers struct {
	tencent *tencent.Sim
	aliyun  *aliyun.Sim
	baidu   *baidu.Sim
}

// asked returns the number of questions that each provider received about a target.
func (s providers) asked(t trouble.Target) [3]int {
	return [3]int{
		s.tencent.Seen(t, false).Requests, s.aliyun.Seen(t, false).Requests, s.baidu.Seen(t, false).Requests,
	}
}

// routed returns a service that asks simulators of the three providers in this order.
// know changes the data of a provider.
func routed(
	t testing.TB, people []world.Enterprise, know func(name string, e *provider.Enterprise), flags ...string,
) (*place, providers) {
	t.Helper()
	return routedBy(t, []string{"tencent", "aliyun", "baidu"}, people, know, flags...)
}

// routedBy is routed with these providers only.
func routedBy(
	t testing.TB, names []string, people []world.Enterprise, know func(string, *provider.Enterprise), flags ...string,
) (*place, providers) {
	t.Helper()
	if !shared.embedded {
		t.Skip("needs switches of the embedded default")
	}
	crowd := crowdFor(t, people)
	dataOf := func(name string) provider.Data {
		d := crowd.data(t).Sandbox
		d.Registry = slices.Clone(d.Registry)
		for i := range d.Registry {
			if know != nil {
				know(name, &d.Registry[i])
			}
		}
		return d
	}
	s := providers{
		tencent: tencent.New(tencent.Config{
			SecretID: "AKIDe2e", SecretKey: "e2e", Data: dataOf("tencent"), Now: time.Now, Random: rand.Float64,
		}),
		aliyun: aliyun.New(aliyun.Config{
			AccessKeyID: "LTAIe2e", AccessKeySecret: "e2e", Data: dataOf("aliyun"), Now: time.Now, Random: rand.Float64,
		}),
		baidu: baidu.New(baidu.Config{
			APIKey: "e2e", SecretKey: "e2e", Data: dataOf("baidu"), Now: time.Now, Random: rand.Float64,
		}),
	}
	for name, of := range map[string]struct {
		handler http.Handler
		key     string
	}{"tencent": {s.tencent, "AKIDe2e:e2e"}, "aliyun": {s.aliyun, "LTAIe2e:e2e"}, "baidu": {s.baidu, "e2e:e2e"}} {
		if slices.Contains(names, name) {
			server := httptest.NewServer(of.handler)
			t.Cleanup(server.Close)
			flags = append(flags, "--"+name, server.URL, "--"+name+"-key", of.key)
		}
	}
	p, stop, err := start(crowd, flags...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return p, s
}

// institutions returns people whose enterprises are institutions (事业单位).
func institutions(n int) []world.Enterprise {
	people := world.Passing(n)
	for i := range people {
		code := "12" + people[i].USCC[2:17]
		check, _ := idcode.USCCCheck(code)
		people[i].USCC = code + string(check)
	}
	return people
}

// evidenceOf returns the evidence of a session's attempts, the oldest first.
func evidenceOf(t testing.TB, p *place, session string) []realname.Evidence {
	t.Helper()
	var shown struct {
		Attempts []struct{ Evidence realname.Evidence }
	}
	out := p.says(t, "session", "show", session, "--json")
	if err := json.Unmarshal([]byte(out), &shown); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var all []realname.Evidence
	for _, a := range shown.Attempts {
		all = append(all, a.Evidence)
	}
	return all
}

// says names the providers of an evidence with their outcomes.
func saysWhat(e realname.Evidence) string {
	words := []string{e.Provider + " " + string(e.Outcome)}
	for _, o := range e.Others {
		words = append(words, o.Provider+" "+string(o.Outcome))
	}
	return strings.Join(words, ", ")
}

// One run for each rule: the wizard's first step, or the one that the rule concerns.
func TestEachRoutingRule(t *testing.T) {
	t.Parallel()
	unknownTo := func(names ...string) func(string, *provider.Enterprise) {
		return func(name string, e *provider.Enterprise) { e.Covered = !slices.Contains(names, name) }
	}
	// stale gives a provider the name before the latest change.
	stale := func(names ...string) func(string, *provider.Enterprise) {
		return func(name string, e *provider.Enterprise) {
			if slices.Contains(names, name) {
				e.Name = "河北旧名贸易有限公司"
			}
		}
	}
	for name, c := range map[string]struct {
		people  []world.Enterprise
		know    func(string, *provider.Enterprise)
		flags   []string
		trouble func(*testing.T, providers)
		code    string // of the refusal; "" if the step passes
		says    string
		asked   [3]int // Tencent Cloud, Alibaba Cloud, Baidu
	}{
		"the first answers": {says: "tencent match", asked: [3]int{1, 0, 0}},
		"unavailable": {
			trouble: func(t *testing.T, s providers) { failing(t, s.tencent, trouble.Error) },
			says:    "aliyun match, tencent unavailable", asked: [3]int{1, 1, 0},
		},
		"limited": {
			trouble: func(t *testing.T, s providers) { failing(t, s.tencent, trouble.Throttle) },
			says:    "aliyun match, tencent limited", asked: [3]int{1, 1, 0},
		},
		"two are unavailable": {
			trouble: func(t *testing.T, s providers) {
				failing(t, s.tencent, trouble.ServerDown)
				failing(t, s.aliyun, trouble.DropAnswer)
			},
			says: "baidu match, tencent unavailable, aliyun unavailable", asked: [3]int{1, 1, 1},
		},
		"not covered": {
			know: unknownTo("tencent"), says: "aliyun match, tencent not_covered", asked: [3]int{1, 1, 0},
		},
		"covered by none": {
			know: unknownTo("tencent", "aliyun", "baidu"), code: "enterprise_not_covered",
			says: "tencent not_covered, aliyun not_covered, baidu not_covered", asked: [3]int{1, 1, 1},
		},
		"an institution": {people: institutions(1), says: "baidu match", asked: [3]int{0, 0, 1}},
		"an institution that the better registry does not know": {
			people: institutions(1), know: unknownTo("baidu"),
			says: "aliyun match, baidu not_covered", asked: [3]int{0, 1, 1},
		},
		"a mismatch": {
			know: stale("tencent"), code: "enterprise_mismatch", says: "tencent mismatch", asked: [3]int{1, 0, 0},
		},
		"a second opinion": {
			know: stale("tencent"), flags: []string{"--second-opinion"},
			says: "aliyun match, tencent mismatch", asked: [3]int{1, 1, 0},
		},
		"a second opinion that agrees": {
			know: stale("tencent", "aliyun"), flags: []string{"--second-opinion"}, code: "enterprise_mismatch",
			says: "tencent mismatch, aliyun mismatch", asked: [3]int{1, 1, 0},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			people := c.people
			if people == nil {
				people = world.Passing(1)
			}
			p, sims := routed(t, people, c.know, c.flags...)
			if c.trouble != nil {
				c.trouble(t, sims)
			}
			k := p.clerkOf(t, world.Pass)
			s := k.begin().Id
			for range 2 { // the second is the same request once more
				a := k.post("/v1/sessions/"+s+"/enterprise", k.enterprise(), "Idempotency-Key", "once")
				if c.code != "" {
					k.wants(a, 422, c.code)
				} else if a.Status != 200 {
					t.Fatalf("%d %s", a.Status, a.Body)
				}
			}
			if got := sims.asked(trouble.Registry); got != c.asked {
				t.Errorf("asked %v, want %v", got, c.asked)
			}
			all := evidenceOf(t, p, s)
			if len(all) != 1 || saysWhat(all[0]) != c.says {
				t.Errorf("evidence %+v, want %s", all, c.says)
			}
		})
	}
}

// simulator is a provider's simulator that can be made to fail.
type simulator interface {
	Fault(trouble.Target, trouble.Mode, int) error
}

// failing makes every check of a simulator fail until the test ends.
func failing(t testing.TB, sim simulator, mode trouble.Mode) {
	t.Helper()
	for _, target := range []trouble.Target{trouble.Registry, trouble.IDCard, trouble.BankCard, trouble.SMS} {
		if err := sim.Fault(target, mode, 1_000_000); err != nil && target != trouble.BankCard && target != trouble.SMS {
			t.Fatal(err)
		}
	}
}

// Three elements say nothing about the ID number. The whole way: the registry's answer,
// the refused ID card, and a bank card.
func TestThreeElementsNeedABankCard(t *testing.T) {
	t.Parallel()
	people := institutions(1)
	p, _ := routed(t, people, func(name string, e *provider.Enterprise) { e.Covered = name != "baidu" })
	k := p.clerkOf(t, world.Pass)
	s := k.begin().Id
	session := k.passes(s, "enterprise", k.enterprise())
	if only := session.Steps[1].BankCardOnly; only == nil || !*only {
		t.Errorf("%+v", session.Steps)
	}
	if e := evidenceOf(t, p, s)[0]; e.Reason != realname.ReasonThreeElements {
		t.Errorf("evidence %+v", e)
	}
	refusal := k.refused(s, "legal-representative", k.legalRepresentative(), 400, "invalid_request")
	if len(refusal.Errors) != 1 || refusal.Errors[0].Rule != "bank_card_only" {
		t.Errorf("%+v", refusal)
	}
	k.passes(s, "legal-representative", k.legalRepresentativeByCard(s))
	k.passes(s, "account-holder", k.accountHolder())
	k.becomes(s, "verified")
}

// The other checks fall back in the same way: every step passes while Tencent Cloud is down.
func TestEveryCheckFallsBack(t *testing.T) {
	t.Parallel()
	p, sims := routed(t, world.Passing(2), nil)
	failing(t, sims.tencent, trouble.ServerDown)
	byIDCard := p.clerkOf(t, world.Pass)
	s := byIDCard.begin().Id
	byIDCard.allThree(s)
	byIDCard.becomes(s, "verified")
	for _, e := range evidenceOf(t, p, s) {
		if e.Provider != "aliyun" {
			t.Errorf("evidence %+v", e)
		}
	}
	failing(t, sims.aliyun, trouble.ServerDown)
	k := p.clerkOf(t, world.Pass)
	s = k.begin().Id
	k.passes(s, "enterprise", k.enterprise())
	k.passes(s, "legal-representative", k.legalRepresentative())
	if got := sims.baidu.Seen(trouble.IDCard, false).Requests; got != 1 {
		t.Errorf("Baidu was asked about %d ID cards", got)
	}
}

// A provider that staff switch off is asked nothing more, and one that they switch on again
// takes its place back.
func TestAProviderIsSwitchedOffAtOnce(t *testing.T) {
	t.Parallel()
	p, sims := routed(t, world.Passing(60), nil)
	steps := func() [3]int {
		t.Helper()
		before := sims.asked(trouble.Registry)
		k := p.clerkOf(t, world.Pass)
		k.passes(k.begin().Id, "enterprise", k.enterprise())
		after := sims.asked(trouble.Registry)
		return [3]int{after[0] - before[0], after[1] - before[1], after[2] - before[2]}
	}
	if got := steps(); got != [3]int{1, 0, 0} {
		t.Errorf("at first: %v", got)
	}
	p.says(t, "provider", "off", "tencent")
	if out := p.says(t, "provider", "list"); !strings.Contains(out, "off") || !strings.Contains(out, "night shift") {
		t.Errorf("%s", out)
	}
	eventually(t, func() bool { return steps() == [3]int{0, 1, 0} }, "Alibaba Cloud takes the place")
	p.says(t, "provider", "on", "tencent")
	eventually(t, func() bool { return steps() == [3]int{1, 0, 0} }, "Tencent Cloud has its place back")
	if out, ok := p.commandLine(t, "provider", "off", "tencentt"); ok || !strings.Contains(out, "want one of tencent") {
		t.Errorf("%s", out)
	}
}

// The operator enters the contract's prices. Costs are those of every provider that was
// asked, by day, provider and outcome.
func TestCostsAreShownByProviderAndOutcome(t *testing.T) {
	t.Parallel()
	p, _ := routed(t, world.Passing(1), func(name string, e *provider.Enterprise) {
		if name == "tencent" {
			e.Name = "河北旧名贸易有限公司"
		}
	}, "--second-opinion")
	p.says(t, "provider", "price", "tencent", "registry", "1.20")
	p.says(t, "provider", "price", "aliyun", "registry", "0.045", "--charged", "match")
	p.says(t, "provider", "off", "baidu") // keeps no price, and switches keep prices
	if out := p.says(t, "provider", "list"); !strings.Contains(out, "registry 0.045") {
		t.Errorf("%s", out)
	}
	k := p.clerkOf(t, world.Pass)
	k.passes(k.begin().Id, "enterprise", k.enterprise())
	shown := says[struct {
		Yuan  string
		Costs []struct {
			Day, Provider, Check, Outcome, Yuan string
			Questions                           int
		}
	}](t, p, "stats", "--costs", "--since", "1d")
	var lines []string
	for _, c := range shown.Costs {
		if c.Day != realname.Day(time.Now()) || c.Questions != 1 {
			t.Errorf("%+v", c)
		}
		lines = append(lines, c.Provider+" "+c.Check+" "+c.Outcome+" "+c.Yuan)
	}
	want := "aliyun registry match 0.045, tencent registry mismatch 1.200"
	if got := strings.Join(lines, ", "); got != want || shown.Yuan != "1.245" {
		t.Errorf("%s in total %s, want %s", got, shown.Yuan, want)
	}
	if out := p.says(t, "stats", "--costs"); !strings.Contains(out, "1.245 yuan, without messages outside sessions") {
		t.Errorf("%s", out)
	}
	for _, args := range [][]string{
		{"tencent", "registry", "-1"}, {"tencent", "registry", "1", "--charged", "unavailable"}, {"nobody", "sms", "1"},
	} {
		if out, ok := p.commandLine(t, append([]string{"provider", "price"}, args...)...); ok {
			t.Errorf("%v is accepted: %s", args, out)
		}
	}
}
