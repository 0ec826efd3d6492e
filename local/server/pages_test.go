package server

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"

	"realname/web"
)

func TestPagesAreServedWithTheirHeaders(t *testing.T) {
	s := &Server{opts: Options{Web: fstest.MapFS{
		"index.html":       {Data: []byte("<!doctype html>page")},
		"config.json":      {Data: []byte("{}")},
		"assets/app-1a.js": {Data: []byte("export {}")},
	}}}
	for _, c := range []struct {
		path, cache, kind string
		status            int
	}{
		{"/", web.CacheValidate, "text/html; charset=utf-8", 200},
		{"/sessions/01JD", web.CacheValidate, "text/html; charset=utf-8", 200},
		{"/config.json", web.CacheValidate, "application/json", 200},
		{"/assets/app-1a.js", web.CacheForever, "text/javascript; charset=utf-8", 200},
		{"/assets/gone.js", "", "text/plain; charset=utf-8", 404},
		{"/assets/", "", "text/plain; charset=utf-8", 404},
		{"/favicon.ico", "", "text/plain; charset=utf-8", 404},
	} {
		w := httptest.NewRecorder()
		s.page(w, httptest.NewRequest(http.MethodGet, c.path, nil))
		h := w.Header()
		if w.Code != c.status || h.Get("Cache-Control") != c.cache || h.Get("Content-Type") != c.kind {
			t.Errorf("%s: %d %q %q", c.path, w.Code, h.Get("Cache-Control"), h.Get("Content-Type"))
		}
		if c.status == 200 && h.Get("Content-Security-Policy") != web.ContentSecurityPolicy {
			t.Errorf("%s: no policy", c.path)
		}
	}
	w := httptest.NewRecorder()
	s.page(w, httptest.NewRequest(http.MethodPost, "/", nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", w.Code)
	}
}

func TestAHeadRequestIsAnsweredWithoutTheFile(t *testing.T) {
	s := &Server{opts: Options{Web: fstest.MapFS{"index.html": {Data: []byte("<!doctype html>page")}}}}
	w := httptest.NewRecorder()
	s.page(w, httptest.NewRequest(http.MethodHead, "/methods", nil))
	if w.Code != http.StatusOK || w.Body.Len() != 0 || w.Header().Get("Content-Security-Policy") == "" {
		t.Errorf("%d, %d bytes, %v", w.Code, w.Body.Len(), w.Header())
	}
}
