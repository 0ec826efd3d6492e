package edge

import (
	"net/http/httptest"
	"strings"
	"testing"
)

// The test's certificate has no known authority.
func TestTheEndOfACertificateIsReadAlsoIfItIsInvalid(t *testing.T) {
	s := httptest.NewUnstartedServer(nil)
	s.Config.ErrorLog = nil
	s.StartTLS()
	defer s.Close()
	address := strings.TrimPrefix(s.URL, "https://")
	ends, err := CertificateEnds(t.Context(), AddressOf(address))
	if err != nil || !ends.Equal(s.Certificate().NotAfter) {
		t.Errorf("%v %v, want %v", ends, err, s.Certificate().NotAfter)
	}
	s.Close()
	if _, err := CertificateEnds(t.Context(), address); err == nil {
		t.Error("a server that is gone has a certificate")
	}
}

func TestAHostWithoutAPortIsAskedAtThatOfTLS(t *testing.T) {
	for host, want := range map[string]string{
		"www.example.com": "www.example.com:443", "www.example.com:8443": "www.example.com:8443", "::1": "[::1]:443",
	} {
		if got := AddressOf(host); got != want {
			t.Errorf("%s: %s, want %s", host, got, want)
		}
	}
}
