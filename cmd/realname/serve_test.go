package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Headers are copied into events: a megabyte of them in each request would fill the
// machine's memory.
func TestLongHeadersAreRefused(t *testing.T) {
	next := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	s := httptest.NewUnstartedServer(next)
	s.Config = running{handler: next, log: slog.New(slog.DiscardHandler)}.http()
	s.Start()
	defer s.Close()
	for size, want := range map[int]int{8 << 10: 204, 32 << 10: 431} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Cookie", strings.Repeat("x", size))
		answer, err := s.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if _ = answer.Body.Close(); answer.StatusCode != want {
			t.Errorf("%d bytes of headers: %d, want %d", size, answer.StatusCode, want)
		}
	}
}

// A page whose own name leads to this machine can read nothing. A server that
// listens for other machines accepts any name.
func TestWhatListensHereIsCalledByNamesOfHere(t *testing.T) {
	next := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	for listens, hosts := range map[string]map[string]int{
		"127.0.0.1": {
			"127.0.0.1:8080": 204, "localhost:5173": 204, "localhost": 204, "[::1]:8080": 204, "evil.example:8080": 421,
			"evil.example": 421, "10.0.0.1:8080": 421, "": 421,
		},
		"0.0.0.0": {"evil.example:8080": 204, "realname:8080": 204},
	} {
		h := named(next, &net.TCPAddr{IP: net.ParseIP(listens), Port: 8080})
		for host, want := range hosts {
			r := httptest.NewRequest(http.MethodGet, "/sandbox/dump", nil)
			r.Host = host
			w := httptest.NewRecorder()
			if h.ServeHTTP(w, r); w.Code != want {
				t.Errorf("listening on %s, called %q: %d, want %d", listens, host, w.Code, want)
			}
		}
	}
}

// What the listener says about a peer, such as one that does not speak TLS, is a line of
// the log like any other.
func TestTheListenersErrorsAreLinesOfTheLog(t *testing.T) {
	var log bytes.Buffer
	running{log: slog.New(slog.NewJSONHandler(&log, nil))}.http().ErrorLog.Print("http: TLS handshake error")
	var line struct{ Level, Msg string }
	if err := json.Unmarshal(log.Bytes(), &line); err != nil || line.Level != "WARN" {
		t.Errorf("%s: %v", log.String(), err)
	}
}
