package server

import (
	"embed"
	"net/http"

	"realname/functions/pages"
	"realname/shared/bank"
	"realname/shared/httpapi"
)

//go:embed start.html
var startPage []byte

// connectPages creates the function of the wizard's pages. It has no page if they
// are not built.
func (s *Server) connectPages() error {
	built := s.opts.Web
	if built == nil {
		built = embed.FS{}
	}
	handler, err := pages.New(pages.Ports{
		Pages: built, Log: s.opts.Log, Banks: bank.NewDirectory(s.store(), s.form.settingsLife, s.now).Origins,
		ControlDownload: s.form.controlDownload, Secure: s.opts.Secure,
	})
	if err != nil {
		return err
	}
	s.functions["pages"], s.wizard = httpapi.Lambda(handler), handler
	return nil
}

// pages serves the wizard or, if it is not built, the start page.
func (s *Server) pages() http.Handler {
	if s.opts.Web != nil {
		return s.wizard
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
		_, _ = w.Write(startPage) // the caller is gone if it fails
	})
}
