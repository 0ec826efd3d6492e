package server

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

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
