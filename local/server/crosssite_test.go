package server

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// wildcard matches a variable part of a pattern.
var wildcard = regexp.MustCompile(`\{[^}]+\}`)

// sandboxPaths returns a path for every pattern under /sandbox/.
func sandboxPaths(t *testing.T, s *Server) []string {
	t.Helper()
	mux, err := s.sandboxMux(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	paths := map[string]bool{}
	for _, pattern := range mux.patterns {
		path := pattern[strings.IndexByte(pattern, '/'):]
		if !strings.HasPrefix(path, "/sandbox/") {
			continue
		}
		path = wildcard.ReplaceAllString(path, "CCB")
		if paths[path] = true; strings.HasSuffix(path, "/") { // and all below it
			paths[path+"CCB"] = true
		}
	}
	return slices.Sorted(maps.Keys(paths))
}

// Every sandbox route refuses what a page of another site sends through its
// visitor's browser, and takes what a program or a page of its own sends.
func TestSandboxRoutesRefuseOtherSites(t *testing.T) {
	s := demo(t)
	paths := sandboxPaths(t, s)
	for _, known := range []string{
		"/sandbox/faults", "/sandbox/tokens/keys", "/sandbox/vault/replace", "/sandbox/bank/CCB",
	} {
		if !slices.Contains(paths, known) {
			t.Errorf("%s is not among the routes %q", known, paths)
		}
	}
	sites := map[string]bool{"cross-site": true, "same-site": true, "same-origin": false, "none": false, "": false}
	for _, path := range paths {
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
			for site, refused := range sites {
				r := httptest.NewRequest(method, path, strings.NewReader("{}"))
				if site != "" {
					r.Header.Set("Sec-Fetch-Site", site)
				}
				w := httptest.NewRecorder()
				s.ServeHTTP(w, r)
				if (w.Code == http.StatusForbidden) != refused {
					t.Errorf("%s %s from %q: %d", method, path, site, w.Code)
				}
			}
		}
		old := httptest.NewRequest(http.MethodPost, path, nil) // a browser without Sec-Fetch-Site
		old.Header.Set("Origin", "https://elsewhere.example")
		w := httptest.NewRecorder()
		if s.ServeHTTP(w, old); w.Code != http.StatusForbidden {
			t.Errorf("%s by its origin: %d", path, w.Code)
		}
	}
}
