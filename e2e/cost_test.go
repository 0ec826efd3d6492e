package e2e

import (
	"encoding/json"
	"strings"
	"testing"

	"realname/e2e/world"
	"realname/local/meter"
)

// visit is one verification by a method, from the methods page to verified: the
// requests of the enterprise's browser, and the actions of its bank and its card.
type visit struct {
	method      string
	transitions int // one for each step, and one for the end
	verify      func(c *clerk) (session string)
}

var visits = []visit{
	{"legal-representative-by-id-card", 4, func(c *clerk) string {
		return c.steps(c.enterprise, c.legalRepresentative, c.accountHolder)
	}},
	{"legal-representative-by-bank-card", 4, func(c *clerk) string {
		return c.steps(c.enterprise, nil, nil)
	}},
	{"bank-ukey", 2, func(c *clerk) string {
		s := c.beginBank().Id
		c.comesBack(c.atBank(c.handOver(s, "CCB"), "own", ""))
		return s
	}},
	{"e-port-card", 2, func(c *clerk) string {
		s := c.beginCard().Id
		k := c.insert("good")
		if a := c.answerCard(s, k.sign(c.challenge(s))); a.Status != 200 {
			c.Fatalf("%d %s", a.Status, a.Body)
		}
		return s
	}},
}

// steps starts a session of the legal-representative method and answers its
// steps. A nil body stands for a check by bank card. The page reads the session
// once when it opens, takes each next step from the previous answer, and holds
// a reading open until the session closes.
func (c *clerk) steps(enterprise, legalRepresentative, accountHolder func() map[string]any) string {
	s := c.begin().Id
	c.get("/v1/sessions/" + s)
	for _, step := range []struct {
		name   string
		body   func() map[string]any
		byCard func(session string) map[string]any
	}{
		{"enterprise", enterprise, nil},
		{"legal-representative", legalRepresentative, c.legalRepresentativeByCard},
		{"account-holder", accountHolder, c.accountHolderByCard},
	} {
		if step.body == nil {
			c.passes(s, step.name, step.byCard(s))
		} else {
			c.passes(s, step.name, step.body())
		}
	}
	c.becomes(s, "verified")
	return s
}

// cost is the metered use of one visit.
type cost struct {
	meter.Reading
	logBytes, events int
}

// beside reports whether the work serves more than one session, or only its
// reader.
func beside(work string) bool {
	for _, prefix := range []string{"authorizer", "login", "methods", "account ", "notify", "repair", "sessions GET"} {
		if strings.HasPrefix(work, prefix) {
			return true
		}
	}
	return false
}

// decided returns the use of the session itself, from start to verified: every
// invocation and write that decides something, and the workflow.
func (c cost) decided() (sum meter.Use) {
	for work, u := range c.Functions {
		if beside(work) {
			continue
		}
		sum.Invocations += u.Invocations
		sum.Calls += u.Calls
		sum.ReadUnits += u.ReadUnits
		sum.WriteUnits += u.WriteUnits
		sum.IndexWriteUnits += u.IndexWriteUnits
	}
	return sum
}

// costOf makes two visits in a service of its own and returns the use of the
// second: sign-in, the pages before the method, the verification, and the
// delivery of its events. The first visit pays for the reads and fetches that
// later visits share. A keyed visit's requests carry an Idempotency-Key.
func costOf(t testing.TB, verify func(c *clerk) string, keyed bool) (r cost) {
	t.Helper()
	p, stop, err := start(few, "--meter", "--repair-every", "1h", "--notify-every", "1h")
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	var before meter.Reading
	for range 2 {
		before, r.logBytes = r.Reading, len(p.log.String())
		who := p.take(t, world.Pass)
		c := p.login(t, who)
		c.keyed = keyed
		c.get("/v1/account")
		c.told(verify(c))
		c.eventually("the last notice is marked as delivered", func() bool {
			return !strings.Contains(string(c.get("/sandbox/dump").Body), `"GSI2PK":{"S":"PENDING`)
		})
		a := c.get("/sandbox/meter")
		if r.Reading = (meter.Reading{}); json.Unmarshal(a.Body, &r.Reading) != nil {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		r.events = 0
		for _, e := range c.received().Bus {
			if e.USCC == who.USCC {
				r.events++
			}
		}
	}
	r.Reading, r.logBytes = since(before, r.Reading), len(p.log.String())-r.logBytes
	return r
}

// since returns the use between two readings.
func since(before, after meter.Reading) meter.Reading {
	d := meter.Reading{
		Requests: after.Requests - before.Requests, Signatures: after.Signatures - before.Signatures,
		Transitions: after.Transitions - before.Transitions, Functions: map[string]meter.Use{},
	}
	for work, u := range after.Functions {
		was := before.Functions[work]
		if u == was {
			continue
		}
		d.Functions[work] = meter.Use{
			Invocations: u.Invocations - was.Invocations, Calls: u.Calls - was.Calls, ReadUnits: u.ReadUnits - was.ReadUnits,
			WriteUnits: u.WriteUnits - was.WriteUnits, IndexWriteUnits: u.IndexWriteUnits - was.IndexWriteUnits,
		}
	}
	return d
}

// BenchmarkCost counts the billable AWS use of one visit by each method, in
// total and for each function and route. The counts do not depend on the
// machine.
func BenchmarkCost(b *testing.B) {
	for _, v := range visits {
		b.Run("method="+v.method, func(b *testing.B) {
			c := costOf(b, v.verify, false)
			decided := c.decided()
			b.Run("all", func(b *testing.B) {
				reportUse(b, decided)
				b.ReportMetric(float64(c.Requests), "requests")
				b.ReportMetric(float64(c.Signatures), "signatures")
				b.ReportMetric(float64(c.Transitions), "transitions")
				b.ReportMetric(float64(c.events), "events")
				b.ReportMetric(float64(c.logBytes), "log-B")
			})
			for work, u := range c.Functions {
				// A benchmark's name contains neither spaces nor slashes.
				name := strings.NewReplacer("/v1/", "", " ", ":", "/", ".").Replace(work)
				b.Run("work="+name, func(b *testing.B) { reportUse(b, u) })
			}
		})
	}
}

func reportUse(b *testing.B, u meter.Use) {
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(u.Invocations), "invocations")
	b.ReportMetric(float64(u.Calls), "calls")
	b.ReportMetric(u.ReadUnits, "RU")
	b.ReportMetric(u.WriteUnits, "WU")
	b.ReportMetric(u.IndexWriteUnits, "index-WU")
}

// eachVisit measures the visits of all methods at once.
func eachVisit(t *testing.T, measure func(*testing.T, visit)) {
	t.Helper()
	if !shared.embedded {
		t.Skip("needs the meter of the embedded default")
	}
	t.Parallel()
	for _, v := range visits {
		t.Run(v.method, func(t *testing.T) {
			t.Parallel()
			measure(t, v)
		})
	}
}

// The maximum cost of one verification, from start to verified. A method takes one
// transition for each step and one for its end. Invocations and signatures are goals of
// the design. The units are the present counts, so that the test detects an increase.
func TestAVerificationKeepsToItsBudget(t *testing.T) {
	eachVisit(t, func(t *testing.T, v visit) {
		c := costOf(t, v.verify, false)
		u := c.decided()
		if c.Transitions != v.transitions || u.Invocations > 9 || c.Signatures != 1 {
			t.Errorf("%d transitions, want %d, %d invocations, %d signatures", c.Transitions, v.transitions, u.Invocations,
				c.Signatures)
		}
		// Session, account, enterprise and head of the trail. What waits reads more often.
		if got := c.Functions["finish"].ReadUnits; got > 4 {
			t.Errorf("finish reads %v units", got)
		}
		if most := mostUnits[v.method]; u.WriteUnits > most.WriteUnits || u.IndexWriteUnits > most.IndexWriteUnits {
			t.Errorf("%v write units and %v in the indexes, want at most %v and %v", u.WriteUnits, u.IndexWriteUnits,
				most.WriteUnits, most.IndexWriteUnits)
		}
	})
}

var mostUnits = map[string]meter.Use{
	"legal-representative-by-id-card":   {WriteUnits: 29, IndexWriteUnits: 5},
	"legal-representative-by-bank-card": {WriteUnits: 39, IndexWriteUnits: 5},
	"bank-ukey":                         {WriteUnits: 20, IndexWriteUnits: 5},
	"e-port-card":                       {WriteUnits: 27, IndexWriteUnits: 5},
}

// The pages send an Idempotency-Key with each POST, so the service also stores the answers.
func TestAVerificationFromThePagesKeepsToItsBudget(t *testing.T) {
	eachVisit(t, func(t *testing.T, v visit) {
		u := costOf(t, v.verify, true).decided()
		if most := mostUnitsOfPages[v.method]; u.WriteUnits > most {
			t.Errorf("%v write units, want at most %v", u.WriteUnits, most)
		}
	})
}

var mostUnitsOfPages = map[string]float64{
	"legal-representative-by-id-card":   35,
	"legal-representative-by-bank-card": 47,
	"bank-ukey":                         23,
	"e-port-card":                       30,
}
