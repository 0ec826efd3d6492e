package e2e

import (
	"encoding/json"
	"slices"
	"sync"
	"testing"
	"time"

	"realname/e2e/world"
	"realname/local/sandbox/tencent"
	"realname/local/sandbox/trouble"
)

// functionTimeout is the shortest timeout of a deployed function that calls
// providers (29 s in infra/stack/functions.go).
const functionTimeout = 29 * time.Second

// BenchmarkProviderInTrouble drives whole sessions while every check takes 2 s
// and three in ten fail, and then through an outage and its end. It prints the
// answers to the steps and the state changes of the breakers.
func BenchmarkProviderInTrouble(b *testing.B) {
	p, sim := simulated(b, everyone)
	behave := func(x tencent.Behavior) {
		for _, t := range []tencent.Target{tencent.Registry, tencent.IDCard} {
			if err := sim.Behave(t, x); err != nil {
				b.Fatal(err)
			}
		}
	}
	clerks, outage := 12, 10*time.Second
	if testing.Short() {
		clerks, outage = 2, time.Second
	}
	var m patience
	run := func() {
		var wg sync.WaitGroup
		for range clerks {
			c := p.clerkOf(b, world.Pass)
			wg.Go(func() { m.drive(b, c) })
		}
		wg.Wait()
	}
	for range b.N {
		behave(tencent.Behavior{Latency: 2 * time.Second, ErrorRate: 0.3})
		run()
		behave(tencent.Behavior{Latency: 100 * time.Millisecond, ErrorRate: 1})
		time.AfterFunc(outage, func() { behave(tencent.Behavior{}) })
		run()
	}
	slices.Sort(m.answers)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(2*float64(clerks), "sessions")
	b.ReportMetric(float64(m.verified)/float64(b.N), "verified")
	b.ReportMetric(float64(m.charged), "tries-charged")
	b.ReportMetric(float64(m.refused)/float64(b.N), "503s")
	b.ReportMetric(m.answers[len(m.answers)*99/100].Seconds(), "p99-s")
	b.ReportMetric(functionTimeout.Seconds(), "time-out-s")
	b.ReportMetric(float64(p.logged("provider breaker opened"))/float64(b.N), "opened")
	b.ReportMetric(float64(p.logged("provider breaker closed"))/float64(b.N), "closed")
}

// BenchmarkOneProviderDown drives 200 sessions, eight a second, with two providers of which
// the first is down: it fails at once, or it never answers. Every session has to pass, and
// no attempt may be charged. It prints how long the answers to the steps took.
func BenchmarkOneProviderDown(b *testing.B) {
	sessions, every := 200, time.Second/8
	if testing.Short() {
		sessions = 4
	}
	for _, mode := range []trouble.Mode{trouble.Error, trouble.Timeout} {
		b.Run("mode="+string(mode), func(b *testing.B) {
			p, sims := routedBy(b, []string{"tencent", "aliyun"}, world.Passing(sessions*b.N), nil)
			failing(b, sims.tencent, mode)
			var m patience
			var wg sync.WaitGroup
			for range sessions * b.N {
				c := p.clerkOf(b, world.Pass)
				wg.Go(func() { m.drive(b, c) })
				time.Sleep(every)
			}
			wg.Wait()
			if m.verified != sessions*b.N || m.charged != 0 {
				b.Errorf("%d of %d sessions verified, %d attempts charged", m.verified, sessions*b.N, m.charged)
			}
			slices.Sort(m.answers)
			p99 := m.answers[len(m.answers)*99/100]
			if p99 > 3*time.Second {
				b.Errorf("1 %% of the answers took longer than %s", p99)
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(m.verified)/float64(b.N), "verified")
			b.ReportMetric(float64(m.charged), "tries-charged")
			b.ReportMetric(float64(m.refused)/float64(b.N), "503s")
			b.ReportMetric(m.answers[len(m.answers)/2].Seconds(), "p50-s")
			b.ReportMetric(p99.Seconds(), "p99-s")
			b.ReportMetric(float64(p.logged("provider breaker opened"))/float64(b.N), "opened")
		})
	}
}

// BenchmarkProviderRate offers 200 verifications a second for two seconds. Each
// refused clerk returns after the time that the refusal names.
func BenchmarkProviderRate(b *testing.B) {
	p, sim := simulated(b, everyone)
	offered, seconds := 200, 2
	if testing.Short() {
		offered, seconds = 10, 1
	}
	clerks := make([]*clerk, offered*seconds)
	sessions := make([]string, len(clerks))
	for i := range clerks {
		clerks[i] = p.clerkOf(b, world.Pass)
		sessions[i] = clerks[i].begin().Id
	}
	var m patience
	begin := time.Now()
	var wg sync.WaitGroup
	for i, c := range clerks {
		wg.Go(func() { m.submit(b, c, sessions[i], "enterprise", c.enterprise()) })
		time.Sleep(time.Until(begin.Add(time.Duration(i+1) * time.Second / time.Duration(offered))))
	}
	wg.Wait()
	seen := sim.Seen(tencent.Registry, false)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(offered), "offered/s")
	b.ReportMetric(float64(seen.Peak), "peak/s")
	b.ReportMetric(float64(seen.Throttled), "throttled")
	b.ReportMetric(float64(len(m.answers)-m.refused), "passed")
	b.ReportMetric(float64(m.refused)/float64(len(clerks)), "returns-a-user")
	b.ReportMetric(float64(m.mostReturns), "most-returns")
	b.ReportMetric(time.Since(begin).Seconds(), "until-all-s")
}

// patience counts the answers to clerks who wait as long as each refusal asks.
type patience struct {
	mu          sync.Mutex
	answers     []time.Duration
	refused     int
	charged     int
	verified    int
	mostReturns int
}

func (m *patience) drive(b *testing.B, c *clerk) {
	s := c.begin().Id
	m.submit(b, c, s, "enterprise", c.enterprise())
	m.submit(b, c, s, "legal-representative", c.legalRepresentative())
	m.submit(b, c, s, "account-holder", c.accountHolder())
	session := c.becomes(s, "verified")
	m.mu.Lock()
	defer m.mu.Unlock()
	m.verified++
	for _, st := range session.Steps {
		m.charged += 5 - st.AttemptsLeft
	}
}

// submit answers a step and repeats it each time that the problem names a retry
// time.
func (m *patience) submit(b *testing.B, c *clerk, session, step string, body map[string]any) {
	raw, err := json.Marshal(body)
	if err != nil {
		b.Error(err)
		return
	}
	for returns := 0; returns < 50; returns++ {
		begin := time.Now()
		a, err := c.exchange("POST", "/v1/sessions/"+session+"/"+step, raw)
		if err != nil {
			b.Error(err)
			return
		}
		m.mu.Lock()
		m.answers = append(m.answers, time.Since(begin))
		m.mostReturns = max(m.mostReturns, returns)
		if a.Status != 200 {
			m.refused++
		}
		m.mu.Unlock()
		if a.Status == 200 {
			return
		}
		problem := a.problem(b)
		if a.Status != 503 || problem.RetryAfter < 1 {
			b.Errorf("%d %s", a.Status, a.Body)
			return
		}
		time.Sleep(time.Duration(problem.RetryAfter) * time.Second)
	}
	b.Errorf("%s was never answered", step)
}
