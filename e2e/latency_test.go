package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"realname/e2e/world"
)

// BenchmarkLatency times each route of a visit over HTTP, one request at a
// time. After each request, it sends one to a bare net/http handler, which
// measures the minimum that HTTP and the machine take.
func BenchmarkLatency(b *testing.B) {
	visits := 80
	if testing.Short() {
		visits = 2
	}
	p, stop, err := start(everyone)
	if err != nil {
		b.Fatal(err)
	}
	defer stop()
	m := &stopwatch{B: b, floor: startFloor(b), routes: map[string][]time.Duration{}, floors: map[string][]time.Duration{}}
	for range visits {
		m.legalRepresentative(p)
		m.bankCard(p)
		m.bank(p)
		m.card(p)
	}
	for route, times := range m.routes {
		floor := m.floors[route]
		b.Run("route="+route, func(b *testing.B) {
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(milliseconds(percentile(times, 50)), "p50-ms")
			b.ReportMetric(milliseconds(percentile(times, 99)), "p99-ms")
			b.ReportMetric(milliseconds(percentile(floor, 50)), "floor-p50-ms")
			b.ReportMetric(milliseconds(percentile(floor, 99)), "floor-p99-ms")
		})
	}
}

func startFloor(b *testing.B) (address string) {
	b.Helper()
	binary := filepath.Join(b.TempDir(), "floor")
	if out, err := exec.Command("go", "build", "-o", binary, "./baseline/http").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	cmd := exec.CommandContext(b.Context(), binary)
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = cmd.Wait() }) // the end of the benchmark kills it
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return strings.TrimSpace(line)
}

// stopwatch times requests by their routes.
type stopwatch struct {
	*testing.B
	floor          string
	routes, floors map[string][]time.Duration
}

// send times a request of the clerk and a similar request to the bare handler,
// and returns the answer's body.
func (m *stopwatch) send(c *clerk, method, route, session string, body any) []byte {
	m.Helper()
	var raw []byte
	if body != nil {
		var err error
		if raw, err = json.Marshal(body); err != nil {
			m.Fatal(err)
		}
	}
	took, answer := m.timed(c.at.URL+strings.Replace("/v1/"+route, "{id}", session, 1), method, c.token, raw)
	base, _ := m.timed(m.floor, method, c.token, raw)
	name := method + ":" + strings.ReplaceAll(route, "/", ".")
	m.routes[name] = append(m.routes[name], took)
	m.floors[name] = append(m.floors[name], base)
	return answer
}

func (m *stopwatch) timed(url, method, token string, body []byte) (took time.Duration, answer []byte) {
	m.Helper()
	r, err := http.NewRequestWithContext(m.Context(), method, url, bytes.NewReader(body))
	if err != nil {
		m.Fatal(err)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("Authorization", "Bearer "+token)
	begin := time.Now()
	response, err := client.Do(r)
	if err != nil {
		m.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }() // the test reads the whole body
	answer, err = io.ReadAll(response.Body)
	took = time.Since(begin)
	if err != nil || response.StatusCode >= 300 {
		m.Fatalf("%s %s: %d %s %v", method, url, response.StatusCode, answer, err)
	}
	return took, answer
}

// starts starts a session and waits for its first step.
func (m *stopwatch) starts(c *clerk, method string) (session string) {
	m.Helper()
	var s struct{ ID string }
	body := m.send(c, "POST", "sessions", "", map[string]any{"method": method, "consentVersion": c.consent(method)})
	if err := json.Unmarshal(body, &s); err != nil {
		m.Fatal(err)
	}
	m.opened(c, s.ID)
	return s.ID
}

// opened reads the session once, as a person would, which gives the workflow
// time to open the next step.
func (m *stopwatch) opened(c *clerk, session string) { c.get("/v1/sessions/" + session) }

func (m *stopwatch) legalRepresentative(p *place) {
	who := p.take(m, world.Pass)
	m.send(&clerk{at: p}, "POST", "login", "", map[string]any{"loginName": who.LoginName, "password": world.Password})
	c := p.login(m, who)
	for _, route := range []string{"account", "methods", "operators"} {
		m.send(c, "GET", route, "", nil)
	}
	s := m.starts(c, "legal_representative")
	m.send(c, "GET", "sessions/{id}", s, nil)
	for _, step := range []struct {
		name string
		body map[string]any
	}{
		{"enterprise", c.enterprise()},
		{"legal-representative", c.legalRepresentative()},
		{"account-holder", c.accountHolder()},
	} {
		m.send(c, "POST", "sessions/{id}/"+step.name, s, step.body)
		m.opened(c, s)
	}
	m.send(c, "GET", "sessions", "", nil)
}

func (m *stopwatch) bankCard(p *place) {
	c := p.clerkOf(m, world.Pass)
	s := m.starts(c, "legal_representative")
	c.passes(s, "enterprise", c.enterprise())
	m.opened(c, s)
	l := c.who.LegalRepresentative
	m.send(c, "POST", "sessions/{id}/sms-codes", s,
		map[string]any{"step": "legal_representative", "mobile": l.Mobile, "bankCardNumber": l.CardNumber})
	m.send(c, "DELETE", "sessions/{id}", s, nil)
}

func (m *stopwatch) bank(p *place) {
	c := p.clerkOf(m, world.Pass)
	s := m.starts(c, "bank_ukey")
	m.send(c, "POST", "sessions/{id}/bank-redirect", s, map[string]any{"bank": "CCB"})
}

func (m *stopwatch) card(p *place) {
	c := p.clerkOf(m, world.Pass)
	s := m.starts(c, "ic_card")
	var ch struct{ Challenge string }
	if err := json.Unmarshal(m.send(c, "POST", "sessions/{id}/card-challenge", s, map[string]any{}), &ch); err != nil {
		m.Fatal(err)
	}
	m.send(c, "POST", "sessions/{id}/card-answer", s, c.insert("good").sign(ch.Challenge))
}
