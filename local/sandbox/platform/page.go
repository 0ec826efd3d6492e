package platform

import (
	_ "embed"
	"encoding/json"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"sync"
)

//go:embed page.html
var pageText string

var page = sync.OnceValue(func() *template.Template { return template.Must(template.New("page").Parse(pageText)) })

// Show answers with the arrivals: a page for browsers, JSON for other clients.
func (r *Receiver) Show(w http.ResponseWriter, q *http.Request) {
	record := r.Record()
	if !strings.Contains(q.Header.Get("Accept"), "text/html") {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_ = json.NewEncoder(w).Encode(record) // the caller is gone if it fails
		return
	}
	slices.Reverse(record.Webhooks)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	_ = page().Execute(w, record) // the caller is gone if it fails
}
