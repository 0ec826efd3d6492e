package pages

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"realname/web"
)

const script = "export {};"

func serve(t *testing.T, secure bool) func(method, path string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	return serveWith(t, secure, func(context.Context) ([]string, error) { return []string{bankOrigin}, nil })
}

const bankOrigin = "https://bank.example"

func serveWith(
	t *testing.T, secure bool, banks func(context.Context) ([]string, error),
) func(method, path string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	handler, err := New(Ports{Secure: secure, Banks: banks, Log: slog.New(slog.DiscardHandler), Pages: fstest.MapFS{
		"index.html":       {Data: []byte("<!doctype html>page")},
		"config.json":      {Data: []byte("{}")},
		"assets/app-1a.js": {Data: []byte(strings.Repeat(script, 1000))},
		"v1/account":       {Data: []byte("{}")},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return func(method, path string, header ...string) *httptest.ResponseRecorder {
		w, r := httptest.NewRecorder(), httptest.NewRequest(method, path, nil)
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		handler.ServeHTTP(w, r)
		return w
	}
}

// The setting replaces the address in config.json and nothing else, and browsers notice.
func TestTheControlsDownloadIsASetting(t *testing.T) {
	const config = `{"links":{"seals":"https://s.example","control":"https://old.example"},"contacts":[]}`
	pages := fstest.MapFS{
		"index.html":  {Data: []byte("<!doctype html>page")},
		"config.json": {Data: []byte(config)},
	}
	get := func(download string) *httptest.ResponseRecorder {
		handler, err := New(Ports{Pages: pages, ControlDownload: download, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest("GET", "/config.json", nil))
		return w
	}
	before, after := get(""), get("https://control.example/setup.exe")
	if before.Body.String() != string(pages["config.json"].Data) {
		t.Errorf("without the setting: %s", before.Body)
	}
	var c struct {
		Links    map[string]string
		Contacts []any
	}
	if err := json.Unmarshal(after.Body.Bytes(), &c); err != nil || after.Code != 200 || c.Contacts == nil ||
		c.Links["control"] != "https://control.example/setup.exe" || c.Links["seals"] != "https://s.example" {
		t.Errorf("%d %s: %v", after.Code, after.Body, err)
	}
	if got := after.Header().Get("Content-Type"); !strings.HasPrefix(got, "application/json") ||
		after.Header().Get("ETag") == before.Header().Get("ETag") {
		t.Errorf("%v, before %v", after.Header(), before.Header())
	}
	for name, broken := range map[string]fstest.MapFS{
		"missing": {}, "no JSON": {"config.json": {Data: []byte("{")}},
	} {
		if _, err := New(Ports{Pages: broken, ControlDownload: "https://c.example"}); err == nil {
			t.Errorf("%s: the pages start", name)
		}
	}
}

func TestPagesAreServedWithTheirHeaders(t *testing.T) {
	get := serve(t, true)
	for _, c := range []struct {
		path, cache, kind string
		status            int
	}{
		{"/", web.CacheValidate, "text/html; charset=utf-8", 200},
		{"/sessions/01JD", web.CacheValidate, "text/html; charset=utf-8", 200},
		{"/bank-result", web.CacheValidate, "text/html; charset=utf-8", 200},
		{"/activate", web.CacheValidate, "text/html; charset=utf-8", 200},
		{"/config.json", web.CacheValidate, "application/json", 200},
		{"/assets/app-1a.js", web.CacheForever, "text/javascript; charset=utf-8", 200},
		{"/assets/gone.js", "no-store", "text/plain; charset=utf-8", 404},
		{"/assets/", "no-store", "text/plain; charset=utf-8", 404},
		{"/favicon.ico", "no-store", "text/plain; charset=utf-8", 404},
		{"/v1/account", "no-store", "application/json", 404},
		{"/v1", "no-store", "application/json", 404},
		{"/v1//account", "no-store", "application/json", 404},
		{"/sandbox/dump", "no-store", "text/plain; charset=utf-8", 404},
		{"/metrics", "no-store", "text/plain; charset=utf-8", 404},
		{"/../index.html", "no-store", "text/plain; charset=utf-8", 404},
	} {
		w := get(http.MethodGet, c.path)
		h := w.Header()
		if w.Code != c.status || h.Get("Cache-Control") != c.cache || h.Get("Content-Type") != c.kind {
			t.Errorf("%s: %d %q %q", c.path, w.Code, h.Get("Cache-Control"), h.Get("Content-Type"))
		}
		var targets []string
		if strings.HasPrefix(c.kind, "text/html") {
			targets = []string{bankOrigin}
		}
		for _, want := range append(web.SecurityHeaders(targets...), web.TransportSecurity) {
			if h.Get(want.Name) != want.Value {
				t.Errorf("%s: %s is %q", c.path, want.Name, h.Get(want.Name))
			}
		}
	}
}

func TestPagesWithoutTLSDoNotAskForIt(t *testing.T) {
	if w := serve(t, false)(http.MethodGet, "/"); w.Header().Get(web.TransportSecurity.Name) != "" {
		t.Error(w.Header())
	}
}

func TestPagesAreOnlyRead(t *testing.T) {
	ask := serve(t, true)
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions} {
		if w := ask(method, "/"); w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: %d", method, w.Code)
		}
	}
	w := ask(http.MethodHead, "/methods")
	if w.Code != http.StatusOK || w.Body.Len() != 0 || w.Header().Get("Content-Security-Policy") == "" {
		t.Errorf("HEAD: %d, %d bytes, %v", w.Code, w.Body.Len(), w.Header())
	}
}

func TestACachedFileIsRevalidatedByItsTag(t *testing.T) {
	get := serve(t, true)
	for _, encoding := range []string{"identity", "gzip"} {
		first := get(http.MethodGet, "/assets/app-1a.js", "Accept-Encoding", encoding)
		tag := first.Header().Get("ETag")
		if first.Code != http.StatusOK || tag == "" || tag == get(http.MethodGet, "/").Header().Get("ETag") {
			t.Fatalf("%d %q", first.Code, tag)
		}
		again := get(http.MethodGet, "/assets/app-1a.js", "Accept-Encoding", encoding, "If-None-Match", tag)
		if again.Code != http.StatusNotModified || again.Body.Len() != 0 || again.Header().Get("ETag") != tag ||
			again.Header().Get("Content-Security-Policy") == "" {
			t.Errorf("%s: %d, %d bytes, %v", encoding, again.Code, again.Body.Len(), again.Header())
		}
		if w := get(http.MethodGet, "/assets/app-1a.js", "If-None-Match", `W/"other"`); w.Code != http.StatusOK {
			t.Errorf("%s: another tag: %d", encoding, w.Code)
		}
	}
}

func TestAPageNamesTheBanksOfItsTime(t *testing.T) {
	var origins []string
	var failure error
	get := serveWith(t, true, func(ctx context.Context) ([]string, error) {
		if _, limited := ctx.Deadline(); !limited {
			t.Error("a page may wait for the banks without limit")
		}
		return origins, failure
	})
	targets := func(w *httptest.ResponseRecorder) string {
		return strings.Join(web.FormTargets(w.Header().Get("Content-Security-Policy")), " ")
	}
	failure = errors.New("the table is away")
	if w := get(http.MethodGet, "/"); w.Code != http.StatusOK || targets(w) != "" {
		t.Errorf("without banks: %d, targets %q", w.Code, targets(w))
	}
	tag := ""
	for _, step := range []struct {
		origins []string
		failure error
		want    string
	}{
		{[]string{"https://a.example"}, nil, "https://a.example"},
		{[]string{"https://a.example", "https://b.example"}, nil, "https://a.example https://b.example"},
		{nil, nil, ""},
		{[]string{"https://b.example"}, nil, "https://b.example"},
		{nil, failure, "https://b.example"}, // those that it read last
	} {
		origins, failure = step.origins, step.failure
		changed := step.failure == nil
		w := get(http.MethodGet, "/sessions/1", "If-None-Match", tag)
		if got := targets(w); got != step.want || (w.Code == http.StatusOK) != changed {
			t.Errorf("%v: %d, targets %q", step, w.Code, got)
		}
		tag = w.Header().Get("ETag")
		if again := get(http.MethodGet, "/", "If-None-Match", tag); again.Code != http.StatusNotModified {
			t.Errorf("%v: the same page again: %d", step, again.Code)
		}
	}
}

func TestFilesDoNotReadTheBanks(t *testing.T) {
	get := serveWith(t, true, func(context.Context) ([]string, error) {
		t.Error("a file reads the banks")
		return nil, nil
	})
	for _, path := range []string{"/assets/app-1a.js", "/config.json", "/v1/account", "/sandbox/x", "/favicon.ico"} {
		get(http.MethodGet, path)
	}
	get(http.MethodPost, "/")
}

func TestFilesAreCompressed(t *testing.T) {
	w := serve(t, true)(http.MethodGet, "/assets/app-1a.js", "Accept-Encoding", "br, gzip")
	unzipped, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(unzipped)
	if err != nil || string(body) != strings.Repeat(script, 1000) || w.Header().Get("Content-Encoding") != "gzip" ||
		w.Header().Get("Vary") != "Accept-Encoding" {
		t.Errorf("%v, %d bytes, %v", w.Header(), len(body), err)
	}
}

func TestCompressionIsForWhoAcceptsIt(t *testing.T) {
	get := serve(t, true)
	for accepted, want := range map[string]string{
		"": "", "identity": "", "br": "", "gzip;q=0": "", "gzip; q=0.000": "", "x-gzipped": "",
		"gzip": "gzip", "GZIP": "gzip", "br, gzip;q=0.5": "gzip", "deflate,gzip ;q=1": "gzip",
	} {
		w := get(http.MethodGet, "/assets/app-1a.js", "Accept-Encoding", accepted)
		if got := w.Header().Get("Content-Encoding"); got != want || w.Code != http.StatusOK {
			t.Errorf("%q: %d %q, want %q", accepted, w.Code, got, want)
		}
		if plain := strings.Repeat(script, 1000); want == "" && w.Body.String() != plain {
			t.Errorf("%q: %d bytes", accepted, w.Body.Len())
		}
		if w.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("%q: a cache would give this answer to everybody: %v", accepted, w.Header())
		}
	}
	if w := get(http.MethodGet, "/config.json", "Accept-Encoding", "gzip"); w.Header().Get("Content-Encoding") != "" {
		t.Error("a file of two bytes is compressed")
	}
	part := get(http.MethodGet, "/assets/app-1a.js", "Accept-Encoding", "gzip", "Range", "bytes=0-5")
	if part.Code != http.StatusPartialContent || part.Body.String() != script[:6] {
		t.Errorf("a part: %d %q", part.Code, part.Body)
	}
	head := get(http.MethodHead, "/assets/app-1a.js", "Accept-Encoding", "gzip")
	if head.Code != http.StatusOK || head.Body.Len() != 0 || head.Header().Get("Content-Encoding") != "gzip" {
		t.Errorf("HEAD: %d %v", head.Code, head.Header())
	}
}

// The index page answers at the addresses of pages, with their policy.
func TestTheIndexHasNoAddressOfItsOwn(t *testing.T) {
	w := serve(t, true)(http.MethodGet, "/index.html")
	if w.Code != http.StatusMovedPermanently || w.Header().Get("Location") != "/" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}
