package server

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// flood sends n requests of one address at once, and returns how many were let through.
func (s *Server) flood(address, method, path, body string, n int) int {
	var through atomic.Int64
	var group sync.WaitGroup
	for range n {
		group.Go(func() {
			if !tooMany(s.from(address, method, path, body)) {
				through.Add(1)
			}
		})
	}
	group.Wait()
	return int(through.Load())
}

// tooMany reports whether the answer is that of a limit for an address. A locked login
// name is 429 as well.
func tooMany(w *httptest.ResponseRecorder) bool {
	return w.Code == http.StatusTooManyRequests && !strings.Contains(w.Body.String(), "login_locked")
}

// from sends a request of an address.
func (s *Server) from(address, method, path, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.RemoteAddr = net.JoinHostPort(address, "40000")
	r.Header.Set("Content-Type", "application/json")
	if path == "/v1/oauth/token" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// A stranger sends a thousand requests at once on every public route. Another address
// notices nothing.
func TestOneAddressDoesNotUseUpWhatAllShare(t *testing.T) {
	const perMinute = 20
	for _, route := range []struct {
		method, path, body string
		times              int
	}{
		{"POST", "/v1/login", `{"loginName":"nobody","password":"wrong"}`, 1},
		{"POST", "/v1/oauth/token", "grant_type=client_credentials&client_id=nobody&client_secret=wrong", 1},
		{"POST", "/v1/activations", `{}`, 1},
		{"POST", "/v1/password-reset-codes", `{}`, 1},
		{"POST", "/v1/password-resets", `{}`, 1},
		{"POST", "/v1/email-confirmations", `{}`, 1},
		{"GET", "/v1/jwks.json", "", 1},
		{"GET", "/v1/bank-returns/ABC", "", 1},
		{"POST", "/v1/bank-callbacks/ABC", `{}`, 10},
	} {
		t.Run(route.path, func(t *testing.T) {
			s := demo(t, func(o *Options) { o.SourcePerMinute, o.Rate, o.Burst = perMinute, 1e6, 4e3 })
			if got, most := s.flood("203.0.113.7", route.method, route.path, route.body, 1000),
				perMinute*route.times*2; got > most { // the minute may change meanwhile
				t.Errorf("%d requests were let through, want at most %d", got, most)
			}
			if w := s.from("203.0.113.8", route.method, route.path, route.body); tooMany(w) {
				t.Errorf("another address got %d %s", w.Code, w.Body)
			}
		})
	}
}

func TestTheRefusalSaysWhenToTryAgain(t *testing.T) {
	s := demo(t, func(o *Options) { o.SourcePerMinute = 1 })
	var last *httptest.ResponseRecorder
	for range 3 {
		last = s.from("203.0.113.7", "POST", "/v1/login", `{"loginName":"nobody","password":"wrong"}`)
	}
	var problem struct {
		Code       string
		RetryAfter int
	}
	if err := json.Unmarshal(last.Body.Bytes(), &problem); err != nil || last.Code != http.StatusTooManyRequests ||
		problem.Code != "rate_limited" || problem.RetryAfter < 1 || problem.RetryAfter > 60 ||
		last.Header().Get("Retry-After") == "" {
		t.Errorf("%d %s %v", last.Code, last.Body, err)
	}
}

// The gateway's throttle is shared by everyone, too.
func TestOneAddressLeavesTheGatewayToOthers(t *testing.T) {
	s := demo(t, func(o *Options) { o.SourcePerMinute, o.Rate, o.Burst = 1e6, 1, 100 })
	if got := s.flood("203.0.113.7", "GET", "/v1/jwks.json", "", 400); got > 100/4+4 {
		t.Errorf("%d requests were let through", got)
	}
	// A host chooses among the addresses of its /64 (RFC 8981).
	got := 0
	for i := range 100 {
		got += s.flood(fmt.Sprintf("2001:db8::%x", i+1), "GET", "/v1/jwks.json", "", 1)
	}
	if got > 100/4+4 {
		t.Errorf("%d requests of one /64 were let through", got)
	}
	if got := s.flood("203.0.113.8", "GET", "/v1/jwks.json", "", 20); got != 20 {
		t.Errorf("%d of 20 requests of another address were let through", got)
	}
}
