// Package pages serves the pages and files of the wizard.
package pages

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"realname/web"
)

// Ports is what the function needs from outside.
type Ports struct {
	// Pages are the built pages.
	Pages fs.FS
	// Secure reports that browsers get the pages over TLS only.
	Secure bool
	// Banks returns the origins of the banks to which a page hands the browser over.
	Banks func(context.Context) ([]string, error)
	// ControlDownload is where users get the E-Port client control; "" leaves the address in
	// config.json.
	ControlDownload string
	Log             *slog.Logger
}

// New returns the function's handler. It compresses the files: they hold no secret
// beside what a request says, so their length tells nothing.
func New(p Ports) (http.Handler, error) {
	files := &files{pages: p.Pages, found: map[string]*file{}}
	if p.ControlDownload != "" {
		config, err := withDownload(p.Pages, p.ControlDownload)
		if err != nil {
			return nil, err
		}
		files.found[configFile] = newFile(configFile, func() ([]byte, error) { return config, nil })
	}
	banks := &banks{read: p.Banks, log: p.Log}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { p.get(w, r, files, banks) }), nil
}

func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

// notFound answers like API Gateway, where no route matches.
func notFound(w http.ResponseWriter) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusNotFound)
	_, _ = io.WriteString(w, `{"message":"Not Found"}`) // the caller is gone if it fails
}

// foreign reports whether a path belongs to another interface, which is not served
// here: the API, the sandbox, the control of one machine or its metrics. A page in
// place of its answer would look like success.
func foreign(path string) bool {
	return slices.Contains([]string{"sandbox", "control", "metrics", "v1"}, firstOf(path))
}

// firstOf returns the first segment of a path.
func firstOf(path string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return first
}

// get serves a file. Every page of the wizard is its index page. A missing file is
// 404, not the index page, because HTML in place of a script is a confusing error.
func (p Ports) get(w http.ResponseWriter, r *http.Request, files *files, banks *banks) {
	name, page := strings.TrimPrefix(r.URL.Path, "/"), web.IsPage(r.URL.Path)
	if page {
		name = "index.html"
	}
	found := files.get(name)
	ok := found != nil && !foreign(r.URL.Path)
	read := r.Method == http.MethodGet || r.Method == http.MethodHead
	headers, suffix := web.SecurityHeaders(), ""
	if page && ok && read {
		targets := banks.origins(r.Context())
		headers = web.SecurityHeaders(targets...)
		// A browser that has the page revalidates it, and gets the policy of today.
		suffix = "." + digest([]byte(web.ContentSecurityPolicy(targets...)))
	}
	for _, h := range headers {
		w.Header().Set(h.Name, h.Value)
	}
	if p.Secure {
		w.Header().Set(web.TransportSecurity.Name, web.TransportSecurity.Value)
	}
	switch {
	case !read:
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
	case firstOf(r.URL.Path) == "v1": // no route of the contract matches
		notFound(w)
	case !ok:
		w.Header().Set("Cache-Control", "no-store")
		http.NotFound(w, r)
	case name == "index.html" && !page:
		http.Redirect(w, r, "/", http.StatusMovedPermanently)
	default:
		w.Header().Set("Cache-Control", web.CacheControl(r.URL.Path))
		found.serve(w, r, suffix)
	}
}
