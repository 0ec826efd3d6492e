package e2e

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"realname/web"
)

// page returns the status and the headers of a page.
func (p *place) page(t *testing.T, tag string) (int, http.Header) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.URL+"/methods", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("If-None-Match", tag)
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = w.Body.Close() // unread
	return w.StatusCode, w.Header
}

func TestPagesHandOverToConfiguredBanksOnly(t *testing.T) {
	pages := t.TempDir()
	if err := os.WriteFile(filepath.Join(pages, "index.html"), []byte("<!doctype html>"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := only(t, "--web", pages)
	tag := ""
	becomes := func(what string, want ...string) {
		t.Helper()
		eventually(t, func() bool { // this service reloads its settings every second
			status, h := p.page(t, tag)
			targets := web.FormTargets(h.Get("Content-Security-Policy"))
			if status != http.StatusOK || !slices.Equal(targets, want) {
				return false
			}
			tag = h.Get("ETag")
			return true
		}, what)
		if status, _ := p.page(t, tag); status != http.StatusNotModified {
			t.Errorf("%s: the same page again: %d", what, status)
		}
	}
	becomes("the sandbox's banks are this site's")
	p.keyedBank(t, "POLICY")
	becomes("a new bank is allowed", "https://bank.example")
	p.says(t, "bank", "add", "POLICY", "--entry-url", "https://moved.example/enter")
	becomes("the bank has moved", "https://moved.example")
	p.says(t, "bank", "retire", "POLICY")
	becomes("a retired bank is not allowed")
}
