package listener_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"realname/local/listener"
)

func TestOnlyATrustedProxyNamesTheClient(t *testing.T) {
	trusted, err := listener.ParseTrusted([]string{
		"10.0.0.0/8", "192.0.2.7", "2001:db8::/32", "::ffff:172.16.0.0/108", "fe80::7",
	})
	if err != nil {
		t.Fatal(err)
	}
	var seen *http.Request
	h := trusted.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen = r }))
	for name, tt := range map[string]struct {
		peer  string
		lines []string
		want  string
	}{
		"a stranger claims another address": {"203.0.113.5:99", []string{"198.51.100.1"}, "203.0.113.5:99"},
		"a proxy":                           {"192.0.2.7:99", []string{"198.51.100.1"}, "198.51.100.1:99"},
		"a proxy without the header":        {"192.0.2.7:99", nil, "192.0.2.7:99"},
		"the client wrote the first one":    {"10.1.1.1:99", []string{"127.0.0.1, 198.51.100.1"}, "198.51.100.1:99"},
		"two proxies": {
			"10.1.1.1:99", []string{"127.0.0.1, 198.51.100.1, 10.2.2.2"}, "198.51.100.1:99",
		},
		"two lines":                {"10.1.1.1:99", []string{"127.0.0.1", "198.51.100.1"}, "198.51.100.1:99"},
		"no address":               {"10.1.1.1:99", []string{"198.51.100.1, unknown"}, "10.1.1.1:99"},
		"IPv6":                     {"[2001:db8::1]:99", []string{"2001:db9::5"}, "[2001:db9::5]:99"},
		"IPv4 in IPv6":             {"[::ffff:10.1.1.1]:99", []string{"198.51.100.1"}, "198.51.100.1:99"},
		"an IPv4 network in IPv6":  {"172.31.1.1:99", []string{"198.51.100.1"}, "198.51.100.1:99"},
		"not of that network":      {"172.32.1.1:99", []string{"198.51.100.1"}, "172.32.1.1:99"},
		"a proxy of the same link": {"[fe80::7%eth0]:99", []string{"198.51.100.1"}, "198.51.100.1:99"},
		"the client's port":        {"10.1.1.1:99", []string{"127.0.0.1, 198.51.100.1:5000"}, "198.51.100.1:99"},
		"the client's port, IPv6":  {"10.1.1.1:99", []string{"[2001:db9::5]:5000"}, "[2001:db9::5]:99"},
		"IPv6 in brackets":         {"10.1.1.1:99", []string{"[2001:db9::5]"}, "[2001:db9::5]:99"},
		"a name with a port":       {"10.1.1.1:99", []string{"198.51.100.1, proxy:80"}, "10.1.1.1:99"},
		"only proxies":             {"10.1.1.1:99", []string{"10.3.3.3"}, "10.3.3.3:99"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = tt.peer
		for _, line := range tt.lines {
			r.Header.Add("X-Forwarded-For", line)
		}
		r.Header.Set("X-Forwarded-Host", "evil.example")
		r.Header.Set("Forwarded", "for=1.2.3.4")
		h.ServeHTTP(httptest.NewRecorder(), r)
		if seen.RemoteAddr != tt.want {
			t.Errorf("%s: %s, want %s", name, seen.RemoteAddr, tt.want)
		}
		if len(seen.Header) != 0 {
			t.Errorf("%s: %v is left for others to believe", name, seen.Header)
		}
	}
	for _, text := range []string{"", "proxy.example", "10.0.0.0/99", "10.0.0.1:80", "::ffff:0:0/90"} {
		if _, err := listener.ParseTrusted([]string{text}); err == nil {
			t.Errorf("%q was accepted", text)
		}
	}
}

func TestWithoutTLSOnlyTheProxyComesIn(t *testing.T) {
	trusted, err := listener.ParseTrusted([]string{"10.0.0.0/8"})
	if err != nil {
		t.Fatal(err)
	}
	next := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }
	h := trusted.Only(http.HandlerFunc(next))
	for peer, want := range map[string]int{
		"10.1.1.1:9": 204, "127.0.0.1:9": 204, "[::1]:9": 204, "203.0.113.5:9": 403, "[2001:db8::1]:9": 403, "": 403,
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = peer
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, r); w.Code != want {
			t.Errorf("%q: %d, want %d", peer, w.Code, want)
		}
	}
}

func TestOtherMachinesNeedTLSOrAProxy(t *testing.T) {
	proxy, err := listener.ParseTrusted([]string{"10.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		addr    string
		tls     bool
		proxies listener.Trusted
		ok      bool
	}{
		{"127.0.0.1:8080", false, nil, true},
		{"[::1]:8080", false, nil, true},
		{"localhost:8080", false, nil, true},
		{":8080", false, nil, false},
		{"0.0.0.0:8080", false, nil, false},
		{"[::]:8080", false, nil, false},
		{"192.0.2.1:8080", false, nil, false},
		{":8443", true, nil, true},
		{":8080", false, proxy, true},
		{"no port", true, nil, false},
	} {
		if err := listener.MayListen(tt.addr, tt.tls, tt.proxies); (err == nil) != tt.ok {
			t.Errorf("%s, TLS %v, %d proxies: %v", tt.addr, tt.tls, len(tt.proxies), err)
		}
	}
}

// issue writes a certificate and its key.
func issue(t *testing.T, certFile, keyFile string, serial int64) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{"localhost"},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{
		certFile: {Type: "CERTIFICATE", Bytes: der}, keyFile: {Type: "PRIVATE KEY", Bytes: private},
	} {
		if name == "" {
			continue
		}
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
		later := time.Now().Add(time.Duration(serial) * time.Minute) // coarse file systems keep seconds
		if err := os.Chtimes(name, later, later); err != nil {
			t.Fatal(err)
		}
	}
}

func TestARenewedCertificateNeedsNoRestart(t *testing.T) {
	dir := t.TempDir()
	certFile, keyFile := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	if _, err := listener.LoadCertificate(certFile, keyFile, slog.New(slog.DiscardHandler), time.Now); err == nil {
		t.Error("a missing certificate was accepted")
	}
	issue(t, certFile, keyFile, 1)
	c, err := listener.LoadCertificate(certFile, keyFile, slog.New(slog.DiscardHandler), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	serial := func() int64 {
		t.Helper()
		served, err := c.Config().GetCertificate(&tls.ClientHelloInfo{})
		if err != nil {
			t.Fatal(err)
		}
		return served.Leaf.SerialNumber.Int64()
	}
	if got := serial(); got != 1 {
		t.Errorf("serial %d", got)
	}
	issue(t, certFile, filepath.Join(dir, "next.pem"), 2) // the certificate is there before its key
	if got := serial(); got != 1 {
		t.Errorf("serial %d of a certificate without its key", got)
	}
	if err := os.Rename(filepath.Join(dir, "next.pem"), keyFile); err != nil {
		t.Fatal(err)
	}
	if got := serial(); got != 2 {
		t.Errorf("serial %d, want the renewed one", got)
	}
	if err := os.Remove(certFile); err != nil {
		t.Fatal(err)
	}
	if got := serial(); got != 2 || c.Reload() == nil {
		t.Errorf("serial %d without the file", got)
	}
}

func TestACertificateThatIsNotValidNowIsLogged(t *testing.T) {
	dir := t.TempDir()
	certFile, keyFile := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	issue(t, certFile, keyFile, 1)
	for ahead, logged := range map[time.Duration]bool{0: false, 2 * time.Hour: true, -2 * time.Hour: true} {
		var log bytes.Buffer
		now := func() time.Time { return time.Now().Add(ahead) }
		if _, err := listener.LoadCertificate(certFile, keyFile, slog.New(slog.NewJSONHandler(&log, nil)), now); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(log.String(), "not valid now") != logged {
			t.Errorf("%v: %s", ahead, log.String())
		}
	}
}
