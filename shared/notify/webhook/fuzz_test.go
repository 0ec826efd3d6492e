package webhook

import (
	"net"
	"net/url"
	"testing"
)

// No event goes in clear over a network, wherever a setting points.
func FuzzCheckURL(f *testing.F) {
	for _, text := range []string{"https://platform.example/hook", "http://127.0.0.1:8080/", "http://localhost.evil.example/", "http://user@127.0.0.1/", "HTTPS://x", "http://[::1%25eth0]/", "http://127.0.0.1.evil.example"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if CheckURL(text) != nil {
			return
		}
		u, err := url.Parse(text)
		if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && u.Hostname() != "localhost" && !net.ParseIP(u.Hostname()).IsLoopback() {
			t.Errorf("%q passed", text)
		}
	})
}
