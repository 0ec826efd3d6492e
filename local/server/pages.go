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

// pages serves the wizard compressed, as CloudFront does. The API's answers are
// left as they are: a length must not tell what an answer has in common with its
// question (BREACH).
func (s *Server) pages() http.Handler { return gzhttp.GzipHandler(http.HandlerFunc(s.page)) }

// page serves the wizard, whose routes are all its index page, or the start page
// when there is none. A file that does not exist is 404, never the index page:
// a script that is HTML would be a riddle to its reader.
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
