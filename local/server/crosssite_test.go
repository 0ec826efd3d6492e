package server

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Every sandbox route refuses what a page of another site sends through its
// visitor's browser, and takes what a program or a page of its own sends.
func TestSandboxRoutesRefuseOtherSites(t *testing.T) {
	s := demo(t)
	routes := []string{
		"/sandbox/faults", "/sandbox/aborts", "/sandbox/clocks", "/sandbox/card", "/sandbox/bank/CCB",
		"/sandbox/receiver", "/sandbox/receiver/fail", "/sandbox/receiver/trust", "/sandbox/anything",
		"/sandbox/table/get", "/sandbox/table/query", "/sandbox/table/transact", "/sandbox/vault/replace",
	}
	sites := map[string]bool{"cross-site": true, "same-site": true, "same-origin": false, "none": false, "": false}
	for _, route := range routes {
		for site, refused := range sites {
			r := httptest.NewRequest(http.MethodPost, route, strings.NewReader("{}"))
			if site != "" {
				r.Header.Set("Sec-Fetch-Site", site)
			}
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			if (w.Code == http.StatusForbidden) != refused {
				t.Errorf("%s from %q: %d", route, site, w.Code)
			}
		}
	}
	old := httptest.NewRequest(http.MethodDelete, "/sandbox/aborts", nil) // a browser without Sec-Fetch-Site
	old.Header.Set("Origin", "https://elsewhere.example")
	w := httptest.NewRecorder()
	if s.ServeHTTP(w, old); w.Code != http.StatusForbidden {
		t.Errorf("by its origin: %d", w.Code)
	}
}
