package server

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// For any request to any route, with or without a token, and with any header, the
// service does not crash or answer 5xx, the body of an answer matches its content
// type, and a refusal does not repeat markup.
func FuzzRequest(f *testing.F) {
	s := demo(f, func(o *Options) { o.Rate, o.Burst = 1e9, 1e9 })
	routes, err := contractRoutes()
	if err != nil {
		f.Fatal(err)
	}
	token := s.login(f, s.Accounts[0])
	for n := range routes {
		f.Add(uint8(n), true, "CCB", "limit=1&requestId=x", "", `{"name":"<b>x</b>"}`)
	}
	f.Add(uint8(1), true, "x", "#%", "", "")
	f.Add(uint8(0), false, "../x", "cursor=WyJHU0kxIl0", `"1"`, `{}`)
	f.Fuzz(func(t *testing.T, n uint8, known bool, parameter, query, header, body string) {
		route := routes[int(n)%len(routes)]
		path := route.Path
		for strings.Contains(path, "{") {
			before, rest, _ := strings.Cut(path, "{")
			_, after, _ := strings.Cut(rest, "}")
			path = before + url.PathEscape(parameter) + after
		}
		r := httptest.NewRequest(route.Method, "/", strings.NewReader(body))
		r.URL = &url.URL{Path: path, RawQuery: query}
		if unescaped, err := url.PathUnescape(path); err == nil {
			r.URL.Path, r.URL.RawPath = unescaped, path
		}
		r.RequestURI = path + "?" + query
		r.Header.Set("Content-Type", "application/json")
		if strings.HasPrefix(route.Path, "/v1/oauth") {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		if known {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		for _, name := range []string{
			"If-Match", "If-None-Match", "Accept-Language", "Idempotency-Key", "RN-Serial", "RN-Signature", "RN-Timestamp",
		} {
			r.Header[http.CanonicalHeaderKey(name)] = []string{header}
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code >= http.StatusInternalServerError {
			t.Errorf("%s %s: %d %s", route.Method, path, w.Code, w.Body)
		}
		if known && w.Code == http.StatusUnauthorized {
			token = s.login(t, s.Accounts[0]) // the last request was a logout
		}
		kind := w.Header().Get("Content-Type")
		if strings.Contains(kind, "json") && !json.Valid(w.Body.Bytes()) {
			t.Errorf("%s %s has content type %s: %q", route.Method, path, kind, w.Body)
		}
		if page := strings.Contains(kind, "html"); page && (route.Path != "/v1/bank-returns/{bank}" || len(parameter) > 8 &&
			strings.Contains(w.Body.String(), parameter)) {
			t.Errorf("%s %s answers with a page: %s", route.Method, path, w.Body)
		}
		if w.Code >= http.StatusBadRequest && !strings.Contains(kind, "html") && strings.ContainsAny(w.Body.String(), "<>") {
			t.Errorf("%s %s: %s", route.Method, path, w.Body)
		}
	})
}
