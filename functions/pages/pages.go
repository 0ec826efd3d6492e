// Package pages serves the pages and files of the wizard.
package pages

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"slices"
	"strings"

	"github.com/klauspost/compress/gzhttp"

	"realname/web"
)

// Ports is what the function needs from outside.
type Ports struct {
	// Pages are the built pages.
	Pages fs.FS
	// Secure reports that browsers get the pages over TLS only.
	Secure bool
}

// New returns the function's handler. It compresses the files: they hold no secret
// beside what a request says, so their length tells nothing.
func New(p Ports) (http.Handler, error) {
	tags, err := tags(p.Pages)
	if err != nil {
		return nil, err
	}
	return gzhttp.GzipHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { p.get(w, r, tags) })), nil
}

// tags returns the entity tag of each file. The tags are weak, because a compressed
// file has the same one.
func tags(pages fs.FS) (map[string]string, error) {
	found := map[string]string{}
	err := fs.WalkDir(pages, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(pages, name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(content)
		found[name] = `W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the pages: %w", err)
	}
	return found, nil
}

// notFound answers like API Gateway, where no route matches.
func notFound(w http.ResponseWriter) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusNotFound)
	_, _ = io.WriteString(w, `{"message":"Not Found"}`) // the caller is gone if it fails
}

// foreign reports whether a path belongs to another interface, which is not served
// here: the sandbox, the control of one machine or its metrics. A page in
// place of its answer would look like success.
func foreign(path string) bool {
	return slices.Contains([]string{"sandbox", "control", "metrics"}, firstOf(path))
}

// firstOf returns the first segment of a path.
func firstOf(path string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return first
}

// get serves a file. Every page of the wizard is its index page. A missing file is
// 404, not the index page, because HTML in place of a script is a confusing error.
func (p Ports) get(w http.ResponseWriter, r *http.Request, tags map[string]string) {
	for _, h := range web.SecurityHeaders() {
		w.Header().Set(h.Name, h.Value)
	}
	if p.Secure {
		w.Header().Set(web.TransportSecurity.Name, web.TransportSecurity.Value)
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(r.URL.Path, "/")
	if web.IsPage(r.URL.Path) {
		name = "index.html"
	}
	tag, ok := tags[name]
	if firstOf(r.URL.Path) == "v1" { // no route of the contract matches
		notFound(w)
		return
	}
	if !ok || foreign(r.URL.Path) {
		w.Header().Set("Cache-Control", "no-store")
		http.NotFound(w, r)
		return
	}
	w.Header().Set("ETag", tag)
	w.Header().Set("Cache-Control", web.CacheControl(r.URL.Path))
	http.ServeFileFS(w, r, p.Pages, name)
}
