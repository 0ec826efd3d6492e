package gateway

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"realname/shared/httpapi"
)

// stage is a gateway in front of two functions: echo answers with its event, and
// the authorizer accepts "Bearer good".
type stage struct {
	*Gateway
	now       time.Time
	asked     int // calls of the authorizer
	event     Request
	answer    Response
	failure   error
	authorize func() (Admission, error)
}

func newStage(change ...func(*Config)) *stage {
	s := &stage{now: time.Unix(1_700_000_000, 0), answer: Response{
		StatusCode: 200, Headers: map[string]string{"x-a": "b"}, Body: "hello",
	}}
	s.authorize = func() (Admission, error) {
		return Admission{IsAuthorized: true, Context: map[string]any{"accountId": "a1"}}, nil
	}
	cfg := Config{
		Routes: []Route{
			{Method: "GET", Path: "/v1/things/{id}", Function: "echo"},
			{Method: "POST", Path: "/v1/login", Function: "echo", Public: true},
		},
		Rate: 1000, Burst: 1000, CORSOrigins: []string{"https://app.example.com"},
		NewID: func() string { return "request-1" }, Now: func() time.Time { return s.now },
		Log: slog.New(slog.DiscardHandler),
		Authorize: func(context.Context, Question) (Admission, error) {
			s.asked++
			return s.authorize()
		},
		Invoke: func(_ context.Context, _ string, e Request) (Response, error) {
			s.event = e
			return s.answer, s.failure
		},
	}
	for _, c := range change {
		c(&cfg)
	}
	s.Gateway = New(cfg)
	return s
}

func (s *stage) send(method, target, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func wantMessage(t *testing.T, w *httptest.ResponseRecorder, status int, message string) {
	t.Helper()
	if want := `{"message":"` + message + `"}`; w.Code != status || strings.TrimSpace(w.Body.String()) != want {
		t.Errorf("%d %s, want %d %s", w.Code, w.Body, status, want)
	}
}

func TestARequestBecomesTheEventOfPayloadFormat2(t *testing.T) {
	s := newStage()
	w := s.send("GET", "/v1/things/a%20b?x=1&x=2", "", "Authorization", "Bearer good", "X-Custom", "v")
	if w.Code != 200 || w.Body.String() != "hello" || w.Header().Get("X-A") != "b" {
		t.Errorf("%d %s %v", w.Code, w.Body, w.Header())
	}
	e := s.event
	if e.Version != "2.0" || e.RouteKey != "GET /v1/things/{id}" || e.RawPath != "/v1/things/a%20b" ||
		e.RawQueryString != "x=1&x=2" ||
		e.Headers["x-custom"] != "v" || e.RequestContext.RequestID != "request-1" || e.RequestContext.HTTP.Method != "GET" ||
		e.RequestContext.Authorizer.Lambda["accountId"] != "a1" {
		t.Errorf("%+v", e)
	}
}

// Payload format 2.0 has cookies beside the headers, in both directions.
func TestCookiesArePassedBesideTheHeaders(t *testing.T) {
	s := newStage()
	s.answer = Response{StatusCode: 200, Cookies: []string{"a=1; Path=/", "b=2; Path=/"}}
	w := s.send("POST", "/v1/login", "{}", "Cookie", "c=3; d=4")
	if got := w.Header().Values("Set-Cookie"); len(got) != 2 || got[0] != "a=1; Path=/" || got[1] != "b=2; Path=/" {
		t.Errorf("got %q", got)
	}
	if e := s.event; len(e.Cookies) != 2 || e.Cookies[0] != "c=3" || e.Cookies[1] != "d=4" || e.Headers["cookie"] != "" {
		t.Errorf("event %q, header %q", e.Cookies, e.Headers["cookie"])
	}
}

func TestABinaryBodyIsBase64(t *testing.T) {
	s := newStage()
	s.answer = Response{StatusCode: 200, IsBase64Encoded: true, Body: "/w=="}
	w := s.send("POST", "/v1/login", "\xff\xfe")
	if !s.event.IsBase64Encoded || s.event.Body != "//4=" || w.Body.String() != "\xff" {
		t.Errorf("event %q, answer %q", s.event.Body, w.Body)
	}
}

// The JSON of an event is UTF-8.
func TestAnEventHoldsUTF8Only(t *testing.T) {
	s := newStage()
	s.send("GET", "/v1/things/1?q=a\xffb", "",
		"Authorization", "Bearer good", "X-Custom", "\xff\xfe", "User-Agent", "\xc3")
	e := s.event
	if e.RawQueryString != "q=a\ufffdb" || e.Headers["x-custom"] != "\ufffd\ufffd" ||
		e.Headers["user-agent"] != "\ufffd" || e.RequestContext.HTTP.UserAgent != "\ufffd" {
		t.Errorf("%+v", e)
	}
}

// Sixty bodies of ten megabytes once took 18 GB.
func TestALongBodyReachesAFunctionOnlyInPart(t *testing.T) {
	s := newStage()
	s.send("POST", "/v1/login", strings.Repeat("x", maxPassed))
	if got := len(s.event.Body); got != maxPassed {
		t.Errorf("%d bytes, want %d", got, maxPassed)
	}
	s.send("POST", "/v1/login", strings.Repeat("x", maxBody))
	if got := len(s.event.Body); got != maxPassed || maxPassed <= httpapi.MaxBody {
		t.Errorf("%d bytes: want %d, more than the %d that a function accepts", got, maxPassed, httpapi.MaxBody)
	}
}

func TestRefusalsAreBareMessages(t *testing.T) {
	s := newStage()
	good := []string{"Authorization", "Bearer good"}
	wantMessage(t, s.send("GET", "/v1/things/1", ""), 401, "Unauthorized")
	wantMessage(t, s.send("GET", "/v1/nothing", "", good...), 404, "Not Found")
	wantMessage(t, s.send("DELETE", "/v1/things/1", "", good...), 404, "Not Found")
	wantMessage(t, s.send("HEAD", "/v1/things/1", "", good...), 404, "Not Found")
	wantMessage(t, s.send("GET", "/v1/things/../things/1", "", good...), 404, "Not Found")
	wantMessage(t, s.send("POST", "/v1/login", strings.Repeat("x", maxBody+1)), 413, "Request Too Long")
	s.failure = errors.New("crashed with secrets")
	wantMessage(t, s.send("GET", "/v1/things/1", "", good...), 500, "Internal Server Error")
	s.failure, s.answer = nil, Response{}
	wantMessage(t, s.send("GET", "/v1/things/1", "", good...), 500, "Internal Server Error")
	s.authorize = func() (Admission, error) { return Admission{}, nil }
	wantMessage(t, s.send("GET", "/v1/things/1", "", "Authorization", "Bearer bad"), 403, "Forbidden")
	s.authorize = func() (Admission, error) { return Admission{}, errors.New("no key") }
	wantMessage(t, s.send("GET", "/v1/things/1", "", "Authorization", "Bearer other"), 500, "Internal Server Error")
}

func TestTheAuthorizersYesIsKeptForAMinuteAndItsNoIsNot(t *testing.T) {
	s := newStage()
	ask := func(token string) { s.send("GET", "/v1/things/1", "", "Authorization", token) }
	ask("Bearer good")
	s.now = s.now.Add(cacheFor - time.Nanosecond)
	ask("Bearer good")
	if s.asked != 1 {
		t.Errorf("asked %d times within the minute", s.asked)
	}
	s.now = s.now.Add(time.Nanosecond)
	ask("Bearer good")
	ask("Bearer another")
	if s.asked != 3 {
		t.Errorf("asked %d times, want 3", s.asked)
	}
	s.authorize = func() (Admission, error) { return Admission{}, nil }
	ask("Bearer bad")
	ask("Bearer bad")
	if s.asked != 5 {
		t.Errorf("asked %d times, want 5", s.asked)
	}
}

func TestThrottleCountsAllRoutesTogether(t *testing.T) {
	s := newStage(func(c *Config) { c.Rate, c.Burst = 1, 2 })
	for range 2 {
		if w := s.send("POST", "/v1/login", "{}"); w.Code != 200 {
			t.Fatal(w.Code)
		}
	}
	wantMessage(t, s.send("GET", "/v1/things/1", "", "Authorization", "Bearer good"), 429, "Too Many Requests")
	s.now = s.now.Add(time.Second)
	if w := s.send("POST", "/v1/login", "{}"); w.Code != 200 {
		t.Errorf("%d after a second", w.Code)
	}
}

func TestCORSIsForTheListedOriginsAlone(t *testing.T) {
	s := newStage()
	preflight := func(origin string) *httptest.ResponseRecorder {
		return s.send(http.MethodOptions, "/v1/login", "", "Origin", origin, "Access-Control-Request-Method", "POST")
	}
	w := preflight("https://app.example.com")
	if w.Code != 204 || w.Header().Get("Access-Control-Allow-Origin") != "https://app.example.com" ||
		w.Header().Get("Access-Control-Allow-Headers") == "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	if w := preflight("https://evil.example.com"); w.Code != 404 || w.Header().Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	w = s.send("POST", "/v1/login", "{}", "Origin", "https://app.example.com")
	if body, _ := io.ReadAll(w.Body); w.Header().Get("Access-Control-Allow-Origin") == "" || string(body) != "hello" {
		t.Errorf("%v %s", w.Header(), body)
	}
}

func TestAFunctionsConcurrencyIsLimited(t *testing.T) {
	started, finish := make(chan struct{}), make(chan struct{})
	s := newStage(func(cfg *Config) {
		cfg.Concurrency = map[string]int{"echo": 2}
		cfg.Invoke = func(context.Context, string, Request) (Response, error) {
			started <- struct{}{}
			<-finish
			return Response{StatusCode: 200}, nil
		}
	})
	var running sync.WaitGroup
	for range 2 {
		running.Go(func() {
			if w := s.send("POST", "/v1/login", "{}"); w.Code != 200 {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
		<-started
	}
	wantMessage(t, s.send("POST", "/v1/login", "{}"), 503, "Service Unavailable")
	close(finish)
	running.Wait()
	go func() { <-started }()
	if w := s.send("POST", "/v1/login", "{}"); w.Code != 200 {
		t.Errorf("afterwards: %d %s", w.Code, w.Body)
	}
}
