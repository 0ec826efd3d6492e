package server

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
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

func TestPagesAreCompressedAndTheAPIIsNot(t *testing.T) {
	script := strings.Repeat("export {};", 1000)
	s := demo(t, func(o *Options) {
		o.Web = fstest.MapFS{"index.html": {Data: []byte("<!doctype html>page")}, "assets/app-1a.js": {Data: []byte(script)}}
	})
	token := s.login(t, s.Accounts[0])
	get := func(path string, accept string) *httptest.ResponseRecorder {
		w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Accept-Encoding", accept)
		r.Header.Set("Authorization", "Bearer "+token)
		s.ServeHTTP(w, r)
		return w
	}
	w := get("/assets/app-1a.js", "gzip, br")
	unzipped, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(unzipped)
	if err != nil || string(body) != script || w.Header().Get("Content-Encoding") != "gzip" ||
		w.Header().Get("Vary") != "Accept-Encoding" {
		t.Errorf("%v, %d bytes, %v", w.Header(), len(body), err)
	}
	if w := get("/assets/app-1a.js", ""); w.Body.String() != script || w.Header().Get("Content-Encoding") != "" {
		t.Errorf("without Accept-Encoding: %v", w.Header())
	}
	if w := get("/v1/methods", "gzip"); w.Code != http.StatusOK || w.Body.Len() < 1024 ||
		w.Header().Get("Content-Encoding") != "" {
		t.Errorf("the API: %d, %d bytes, %v", w.Code, w.Body.Len(), w.Header())
	}
}
