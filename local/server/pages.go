package server

import (
	_ "embed"
	"io/fs"
	"net/http"

	"github.com/klauspost/compress/gzhttp"

	"realname/web"
)

//go:embed start.html
var startPage []byte

// pages serves the wizard compressed, like CloudFront. The API's answers are not
// compressed: their length would reveal how much they repeat of the request
// (BREACH).
func (s *Server) pages() http.Handler { return gzhttp.GzipHandler(http.HandlerFunc(s.page)) }

// page serves the wizard or, if it is not built, the start page. Every route of the
// wizard is its index page. A missing file is 404, not the index page, because HTML
// in place of a script is a confusing error.
func (s *Server) page(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	if s.opts.Web == nil {
		s.startPage(w, r)
		return
	}
	name := r.URL.Path[1:]
	if web.IsPage(r.URL.Path) {
		name = "index.html"
	}
	if info, err := fs.Stat(s.opts.Web, name); err != nil || info.IsDir() {
		http.NotFound(w, r)
		return
	}
	for _, h := range web.SecurityHeaders() {
		w.Header().Set(h.Name, h.Value)
	}
	w.Header().Set("Cache-Control", web.CacheControl(r.URL.Path))
	http.ServeFileFS(w, r, s.opts.Web, name)
}

func (s *Server) startPage(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/" {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	_, _ = w.Write(startPage) // the caller is gone if it fails
}
