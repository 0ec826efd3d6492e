package webhook

import (
	"net"
	"net/url"
	"testing"
)

// Every accepted URL keeps events encrypted on the network.
func FuzzCheckURL(f *testing.F) {
	for _, text := range []string{
		"https://platform.example/hook", "http://127.0.0.1:8080/", "http://localhost.evil.example/",
		"http://user@127.0.0.1/", "HTTPS://x", "http://[::1%25eth0]/", "http://127.0.0.1.evil.example",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if CheckURL(text) != nil {
			return
		}
		u, err := url.Parse(text)
		if err != nil || u.Host == "" || u.User != nil {
			t.Fatalf("%q passed", text)
		}
		if u.Scheme != "https" && u.Hostname() != "localhost" && !net.ParseIP(u.Hostname()).IsLoopback() {
			t.Errorf("%q passed", text)
		}
	})
}
