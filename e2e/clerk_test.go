package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3filter"

	"realname/api"
	"realname/e2e/world"
	"realname/shared/wiring"
)

// clerk is a person of an enterprise who uses a browser.
type clerk struct {
	testing.TB
	at    *place
	who   world.Enterprise
	token string
	keyed bool // whether each POST carries an Idempotency-Key, as those of the pages do
}

// answer is the response to one request.
type answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// problem is api.Problem without its pointers.
type problem struct {
	Status       int
	Code         string
	Detail       string
	RequestID    string `json:"requestId"`
	Errors       []api.FieldError
	Alternatives []string
	Causes       []string
	RetryAfter   int
	AttemptsLeft *int
	SessionID    string `json:"sessionId"`
	Aspects      []string
	Differs      []string
	CurrentFrom  string
}

func (a answer) problem(t testing.TB) problem {
	t.Helper()
	var p problem
	if err := json.Unmarshal(a.Body, &p); err != nil {
		t.Fatalf("%d %s: %v", a.Status, a.Body, err)
	}
	return p
}

func (a answer) session(t testing.TB) api.Session {
	t.Helper()
	var s api.Session
	if err := json.Unmarshal(a.Body, &s); err != nil || s.Id == "" {
		t.Fatalf("%d %s: %v", a.Status, a.Body, err)
	}
	return s
}

// message returns the text of a refusal by the gateway itself, whose body has
// no other field.
func (a answer) message() string {
	var m map[string]string
	if json.Unmarshal(a.Body, &m) != nil || len(m) != 1 {
		return ""
	}
	return m["message"]
}

// login signs a clerk in with a browser of its own.
func (p *place) login(t testing.TB, e world.Enterprise) *clerk {
	t.Helper()
	c := &clerk{TB: t, at: p, who: e}
	a := c.post("/v1/login", map[string]any{"loginName": e.LoginName, "password": world.Password})
	if a.Status != http.StatusOK {
		t.Fatalf("login: %d %s", a.Status, a.Body)
	}
	var in api.LoginResponse
	if err := json.Unmarshal(a.Body, &in); err != nil {
		t.Fatal(err)
	}
	c.token = in.Token
	return c
}

// clerkOf takes an enterprise of the kind and signs in.
func (p *place) clerkOf(t testing.TB, kind world.Kind) *clerk {
	t.Helper()
	return p.login(t, p.take(t, kind))
}

// in returns the clerk for a subtest.
func (c *clerk) in(t testing.TB) *clerk {
	n := *c
	n.TB = t
	return &n
}

func (c *clerk) get(path string, headers ...string) answer { return c.do("GET", path, nil, headers...) }

func (c *clerk) delete(path string, headers ...string) answer {
	return c.do("DELETE", path, nil, headers...)
}

func (c *clerk) post(path string, body any, headers ...string) answer {
	raw, ok := body.([]byte)
	if !ok {
		var err error
		if raw, err = json.Marshal(body); err != nil {
			c.Fatal(err)
		}
	}
	return c.do("POST", path, raw, headers...)
}

// do sends one request and validates the exchange against the contract. If the
// service refuses the request as malformed, do validates only the answer.
func (c *clerk) do(method, path string, body []byte, headers ...string) answer {
	a, err := c.exchange(method, path, body, headers...)
	if err != nil {
		c.Fatalf("%s %s: %d %s: %v", method, path, a.Status, a.Body, err)
	}
	return a
}

// exchange is do for goroutines other than the test's own. All tests share a
// real provider's rate limit, and after an outage its guard refuses calls for a
// while. Outside the embedded default, exchange therefore waits as long as such
// a refusal asks, unless a test has just caused the trouble.
func (c *clerk) exchange(method, path string, body []byte, headers ...string) (answer, error) {
	if k := c.at.killer; k != nil {
		return k.exchange(c, method, path, body, headers...)
	}
	for end := time.Now().Add(90 * time.Second); ; time.Sleep(200 * time.Millisecond) {
		a, err := c.send(method, path, body, headers...)
		if c.at.embedded || err != nil || a.Status != http.StatusServiceUnavailable || c.at.troubled.Load() ||
			time.Now().After(end) {
			return a, err
		}
		var p problem
		if json.Unmarshal(a.Body, &p) != nil || p.Code != "provider_unavailable" {
			return a, nil
		}
	}
}

// send sends one request.
func (c *clerk) send(method, path string, body []byte, headers ...string) (answer, error) {
	r, err := http.NewRequestWithContext(context.Background(), method, c.at.URL+path, bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	if c.keyed && method == http.MethodPost {
		r.Header.Set("Idempotency-Key", wiring.NewID())
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	begin := time.Now()
	response, err := client.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = response.Body.Close() }() // the test reads the whole body
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		return answer{}, err
	}
	c.at.times.request(method, path, time.Since(begin))
	a := answer{response.StatusCode, response.Header, raw}
	if c.at.unchecked {
		return a, nil
	}
	return a, kept(r, body, a)
}

// kept validates an exchange against api/openapi.yaml.
func kept(r *http.Request, body []byte, a answer) error {
	if !strings.HasPrefix(r.URL.Path, "/v1/") {
		return nil
	}
	route, params, err := promised.FindRoute(r)
	if err != nil {
		if a.Status == http.StatusNotFound || a.Status == http.StatusMethodNotAllowed {
			return nil
		}
		return err
	}
	in := &openapi3filter.RequestValidationInput{
		Request: r, PathParams: params, Route: route,
		Options: &openapi3filter.Options{
			AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true,
		},
	}
	if a.Status < 400 {
		r.Body = io.NopCloser(bytes.NewReader(body))
		if err := openapi3filter.ValidateRequest(r.Context(), in); err != nil {
			return err
		}
	}
	out := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: in, Status: a.Status, Header: a.Header, Options: in.Options,
	}
	out.SetBodyBytes(a.Body)
	return openapi3filter.ValidateResponse(r.Context(), out)
}

// begin starts a session of the legal-representative method.
func (c *clerk) begin() api.Session {
	c.Helper()
	return c.beginBy("legal_representative")
}

// beginBy starts a session of the method.
func (c *clerk) beginBy(method string) api.Session {
	c.Helper()
	a := c.start(method)
	if a.Status != http.StatusCreated {
		c.Fatalf("start: %d %s", a.Status, a.Body)
	}
	return a.session(c)
}

// start requests a session of the method with the consent to its current text.
func (c *clerk) start(method string) answer {
	c.Helper()
	return c.post("/v1/sessions", map[string]any{"method": method, "consentVersion": c.consent(method)})
}

func (c *clerk) consent(method string) string {
	c.Helper()
	var m api.Methods
	if a := c.get("/v1/methods"); a.Status != 200 || json.Unmarshal(a.Body, &m) != nil {
		c.Fatalf("methods: %d %s", a.Status, a.Body)
	}
	if v := consentOf(m, method).Version; v != "" {
		return v
	}
	return m.Consent.Version // version 1.0.0 has one for all methods
}

// consentOf returns the method's consent text; nothing for an unknown method.
func consentOf(m api.Methods, method string) api.Consent {
	for _, card := range m.Methods {
		if string(card.Method) == method {
			return card.Consent
		}
	}
	return api.Consent{}
}

// The bodies of the three steps with this enterprise's own facts.
func (c *clerk) enterprise() map[string]any {
	l := c.who.LegalRepresentative
	return map[string]any{
		"name": c.who.Name, "uscc": c.who.USCC, "orgCode": c.who.OrgCode,
		"legalRepresentative": map[string]any{"name": l.Name, "idType": l.IDType, "idNumber": l.IDNumber},
	}
}

func (c *clerk) legalRepresentative() map[string]any {
	l := c.who.LegalRepresentative
	return map[string]any{"by": "id_card", "validFrom": l.ValidFrom, "validTo": l.ValidTo}
}

func (c *clerk) accountHolder() map[string]any {
	h := c.who.Administrator
	return map[string]any{
		"by": "id_card", "name": h.Name, "idType": h.IDType, "idNumber": h.IDNumber, "validFrom": h.ValidFrom,
		"validTo": h.ValidTo,
	}
}

// legalRepresentativeByCard asks for an SMS code and returns the step's body.
func (c *clerk) legalRepresentativeByCard(session string) map[string]any {
	c.Helper()
	l := c.who.LegalRepresentative
	return map[string]any{
		"by": "bank_card", "bankCardNumber": l.CardNumber, "mobile": l.Mobile,
		"smsCode": c.code(session, "legal_representative", l),
	}
}

func (c *clerk) accountHolderByCard(session string) map[string]any {
	c.Helper()
	h := c.who.Administrator
	return map[string]any{
		"by": "bank_card", "name": h.Name, "idType": h.IDType, "idNumber": h.IDNumber,
		"bankCardNumber": h.CardNumber, "mobile": h.Mobile, "smsCode": c.code(session, "account_holder", h),
	}
}

// code asks for an SMS code and reads it from the sandbox's telephone.
func (c *clerk) code(session, step string, p world.Person) string {
	c.Helper()
	a := c.post("/v1/sessions/"+session+"/sms-codes",
		map[string]any{"step": step, "mobile": p.Mobile, "bankCardNumber": p.CardNumber})
	if a.Status != http.StatusAccepted {
		c.Fatalf("sms-codes: %d %s", a.Status, a.Body)
	}
	return c.telephone(p.Mobile)
}

func (c *clerk) telephone(mobile string) string {
	c.Helper()
	var m struct{ Code string }
	if a := c.get("/sandbox/sms?mobile=" + mobile); json.Unmarshal(a.Body, &m) != nil || len(m.Code) != 6 {
		c.Fatalf("no SMS: %s", a.Body)
	}
	return m.Code
}

// resetCode asks for the code of a password reset and waits for it. Its message is sent
// after the answer.
func (c *clerk) resetCode(mobile string, ask func()) string {
	c.Helper()
	read := func() (m struct{ Code, SentAt string }) {
		_ = json.Unmarshal(c.get("/sandbox/sms?mobile="+mobile).Body, &m) // without a message, it stays empty
		return m
	}
	before := read()
	ask()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if m := read(); m != before {
			return m.Code
		}
		if time.Now().After(end) {
			c.Fatal("no code for a reset")
		}
	}
}

// passes posts a step's answer and expects success.
func (c *clerk) passes(session, step string, body map[string]any) api.Session {
	c.Helper()
	a := c.post("/v1/sessions/"+session+"/"+step, body)
	if a.Status != http.StatusOK {
		c.Fatalf("%s: %d %s", step, a.Status, a.Body)
	}
	return a.session(c)
}

// refused posts a step's answer and expects the problem.
func (c *clerk) refused(session, step string, body any, status int, code string) problem {
	c.Helper()
	return c.wants(c.post("/v1/sessions/"+session+"/"+step, body), status, code)
}

func (c *clerk) wants(a answer, status int, code string) problem {
	c.Helper()
	p := a.problem(c)
	if a.Status != status || p.Code != code {
		c.Fatalf("got %d %s, want %d %s", a.Status, a.Body, status, code)
	}
	return p
}

// becomes waits until the session has the status.
func (c *clerk) becomes(session, status string) api.Session {
	c.Helper()
	return c.becomesWithin(20*time.Second, session, status)
}

func (c *clerk) becomesWithin(most time.Duration, session, status string) api.Session {
	c.Helper()
	for end := time.Now().Add(most); ; {
		s := c.get("/v1/sessions/" + session + "?wait=5").session(c)
		if string(s.Status) == status {
			return s
		}
		if time.Now().After(end) {
			c.Fatalf("session is %s, want %s", s.Status, status)
		}
	}
}

// allThree answers every step correctly.
func (c *clerk) allThree(session string) {
	c.Helper()
	c.passes(session, "enterprise", c.enterprise())
	c.passes(session, "legal-representative", c.legalRepresentative())
	c.passes(session, "account-holder", c.accountHolder())
}
