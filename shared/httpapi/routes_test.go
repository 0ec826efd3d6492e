package httpapi_test

import (
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"testing"
	"time"

	"realname/shared/httpapi"
)

// patterns have the forms of the contract's routes, and a parameter beside a name.
var patterns = []string{
	"GET /v1/account", "PUT /v1/account", "GET /v1/sessions", "POST /v1/sessions", "GET /v1/sessions/{id}",
	"DELETE /v1/sessions/{id}", "POST /v1/sessions/{id}/enterprise", "GET /v1/sessions/latest",
	"POST /v1/banks/{bank}/requests/{id}",
}

// served has a handler of these patterns, and what it was asked.
func served(use func(pattern string, h http.HandlerFunc)) *string {
	var got string
	for _, pattern := range patterns {
		use(pattern, func(_ http.ResponseWriter, r *http.Request) {
			got = fmt.Sprintf("%s|%s|%s|%s", pattern, r.Pattern, r.PathValue("id"), r.PathValue("bank"))
		})
	}
	return &got
}

// What http.ServeMux serves is served alike. What it redirects or refuses is 404.
func FuzzRoutesAreThoseOfTheStandardLibrary(f *testing.F) {
	for _, path := range []string{
		"/v1/account", "/v1/account/", "//v1/account", "/v1/sessions", "/v1/sessions/", "/v1/sessions/1",
		"/v1/sessions/latest",
		"/v1/sessions/a%2Fb", "/v1/sessions/%", "/v1/sessions/%2e%2e", "/v1/sessions/..", "/v1/sessions/x/enterprise",
		"/v1/sessions//enterprise", "/v1/banks/CCB/requests/7", "/v1/banks/%E4%B8%AD/requests/%20", "", "/", "*",
		"/V1/account",
		"/v1/sessions/{id}", "/v1%2Faccount", "/v1/./account", "/v1/%61ccount",
	} {
		for _, method := range []string{"GET", "HEAD", "POST", "DELETE", "OPTIONS"} {
			f.Add(method, path)
		}
	}
	mux := http.NewServeMux()
	want := served(func(pattern string, h http.HandlerFunc) { mux.Handle(pattern, h) })
	handlers := map[string]httpapi.Handler{}
	got := served(func(pattern string, h http.HandlerFunc) {
		handlers[pattern] = func(w http.ResponseWriter, r *http.Request) error {
			h(w, r)
			return nil
		}
	})
	own := httpapi.API{Log: slog.New(slog.DiscardHandler), Now: time.Now}.Routes(handlers)
	f.Fuzz(func(t *testing.T, method, path string) {
		u, err := url.Parse(path)
		if err != nil || u.Host != "" || u.Path == "" {
			return
		}
		ask := func(h http.Handler, asked *string) int {
			*asked = ""
			w := httptest.NewRecorder()
			h.ServeHTTP(w, &http.Request{Method: method, URL: u, Host: "realname.example", Header: http.Header{}})
			return w.Code
		}
		theirs := ask(mux, want)
		if ours := ask(own, got); *got != *want || (*want == "") != (ours == http.StatusNotFound) {
			t.Errorf("%s %q: %d %q, the mux %d %q", method, path, ours, *got, theirs, *want)
		}
	})
}

func TestEachRouteIsServed(t *testing.T) {
	handlers, asked := map[string]httpapi.Handler{}, map[string]bool{}
	for _, pattern := range patterns {
		handlers[pattern] = func(_ http.ResponseWriter, r *http.Request) error {
			asked[r.Pattern] = true
			return nil
		}
	}
	own := httpapi.API{Log: slog.New(slog.DiscardHandler), Now: time.Now}.Routes(handlers)
	for _, request := range []string{
		"GET /v1/account", "PUT /v1/account", "GET /v1/sessions", "POST /v1/sessions", "GET /v1/sessions/1",
		"DELETE /v1/sessions/1", "POST /v1/sessions/1/enterprise", "GET /v1/sessions/latest", "POST /v1/banks/CCB/requests/7",
	} {
		var method, path string
		_, _ = fmt.Sscan(request, &method, &path) // two words
		own.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(method, path, nil))
	}
	if got := slices.Sorted(maps.Keys(asked)); len(got) != len(patterns) {
		t.Errorf("served: %v", got)
	}
}
