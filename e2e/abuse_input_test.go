package e2e

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"realname/e2e/world"
)

// varying matches the values that differ between any two answers.
var varying = regexp.MustCompile(`"(requestId|expiresAt)":"[^"]*",?`)

// Every public route refuses deep nesting before it builds the value.
func TestDeeplyNestedBodiesAreRefused(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	s := c.begin()
	anybody := &clerk{TB: t, at: shared}
	for name, body := range map[string]string{
		"arrays":        strings.Repeat("[", 8000) + strings.Repeat("]", 8000),
		"open arrays":   strings.Repeat("[", 16000),
		"objects":       strings.Repeat(`{"a":`, 2600) + "1" + strings.Repeat("}", 2600),
		"in a field":    `{"loginName":` + strings.Repeat("[", 8000) + strings.Repeat("]", 8000) + `}`,
		"in a string":   `{"loginName":"` + strings.Repeat(`\u005b`, 2000) + `","password":{}}`,
		"a long number": `{"loginName":1` + strings.Repeat("0", 15000) + `}`,
		"a lone half":   `{"loginName":"\ud800","password":"x"}`,
	} {
		t.Run(name, func(t *testing.T) {
			for _, path := range []string{"/v1/login", "/v1/activations", "/v1/password-resets", "/v1/email-confirmations"} {
				anybody.in(t).wants(anybody.in(t).post(path, []byte(body)), 400, "invalid_request")
			}
			c.in(t).refused(s.Id, "enterprise", []byte(body), 400, "invalid_request")
		})
	}
	c.passes(s.Id, "enterprise", c.enterprise())
}

// The service itself builds each log line as one JSON object, regardless of the
// text that a caller puts into names, headers, queries and paths.
func TestNobodyWritesIntoTheLogOrTheHeaders(t *testing.T) {
	p := only(t)
	c := p.clerkOf(t, world.Pass)
	const forged = `FORGED`
	breaks := []string{"\n", "\r\n", "\u2028", "\u0085", "\x1b[2K", `","level":"ERROR","x":"`}
	for _, b := range breaks {
		evil := forged + b + `{"level":"ERROR","msg":"` + forged + `"}`
		anybody := &clerk{TB: t, at: p}
		anybody.post("/v1/login", map[string]any{"loginName": evil, "password": evil})
		anybody.post("/v1/activations", map[string]any{"loginName": evil, "activationCode": evil, "newPassword": newPassword})
		anybody.post("/v1/email-confirmations", map[string]any{"secret": evil})
		c.post("/v1/sessions", map[string]any{"method": evil, "consentVersion": evil})
		c.get("/v1/sessions?cursor=" + percent(evil))
		c.get("/v1/sessions/" + percent(evil))
		if a, err := c.exchange("GET", "/v1/bank-returns/"+percent(evil)+"?requestId="+percent(evil), nil); err == nil &&
			strings.Contains(string(a.Body), forged) {
			t.Errorf("the page repeats what it was given: %s", a.Body)
		}
	}
	for _, name := range []string{
		"Accept-Language", "Idempotency-Key", "User-Agent", "X-Request-Id", "X-Amzn-Trace-Id", "X-Forwarded-For", "RN-Serial",
		"RN-Nonce",
	} {
		a := c.get("/v1/account", name, forged+`","level":"ERROR`)
		for header, values := range a.Header {
			if strings.Contains(fmt.Sprint(values), forged) {
				t.Errorf("%s comes back in %s", name, header)
			}
		}
		b := (&clerk{TB: t, at: p}).post("/v1/bank-callbacks/CCB", []byte(`{}`), name, forged)
		if strings.Contains(string(b.Body), forged) {
			t.Errorf("%s comes back: %s", name, b.Body)
		}
	}
	lines := 0
	for line := range strings.Lines(p.log.String()) {
		var entry struct{ Level, Msg string }
		if err := json.Unmarshal([]byte(line), &entry); err != nil || entry.Msg == forged {
			t.Errorf("a line that is not ours: %q", line)
		}
		lines++
	}
	if lines == 0 {
		t.Error("nothing was logged")
	}
}

func percent(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}

// The service refuses a request that another server could read as two requests
// or as another path. TestOnlyTheContractsRoutesAreThere covers the paths that
// HTTP clients can send.
func TestRequestsAreNotSmuggled(t *testing.T) {
	if !shared.embedded {
		t.Skip("the gateway of a stack is not this project's")
	}
	c := shared.clerkOf(t, world.Pass)
	inner := "GET /sandbox/dump HTTP/1.1\r\nHost: localhost\r\n\r\n"
	for name, raw := range map[string]string{
		"two lengths": "POST /v1/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
			"Content-Length: 2\r\nContent-Length: 40\r\n\r\n{}" + inner,
		"length and chunks": "POST /v1/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
			"Content-Length: 4\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
		"a strange coding": "POST /v1/login HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n\r\n" +
			"0\r\n\r\n" + inner,
		"a header with a break": "GET /v1/account HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + c.token +
			"\r\nX: a\r\n\tb\r\nBad Header: y\r\n\r\n",
		"two hosts":   "GET /v1/account HTTP/1.1\r\nHost: localhost\r\nHost: 127.0.0.1\r\n\r\n",
		"a bare path": "GET v1/account HTTP/1.1\r\nHost: localhost\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			conn, err := net.Dial("tcp", strings.TrimPrefix(shared.URL, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = conn.Close() }() // the test has read the answer
			if _, err := io.WriteString(conn, raw); err != nil {
				t.Fatal(err)
			}
			answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil {
				return // the service closed the connection
			}
			_ = answer.Body.Close() // the test needs only the status
			if answer.StatusCode < 400 {
				t.Errorf("accepted: %d", answer.StatusCode)
			}
			if !answer.Close && name != "a bare path" {
				t.Error("the connection goes on with what may be half a request")
			}
		})
	}
	for _, path := range []string{
		"/v1/sessions/%252e%252e/account", "/v1/sessions/..;/account", "/v1/account;x=1", "/v1/account%00", "/v1/account%0a",
		"/v1%2faccount",
		"/v1/account%c0%af", "/v1/sandbox/dump", "/v1/..%2fsandbox%2fdump", "/v1/sessions/%5c..%5caccount",
	} {
		a, _ := c.exchange("GET", path, nil) // the error says that the contract lacks this answer
		if a.Status != 404 {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
}
