package awsapi

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// A signature names the day in UTC, the region and the service, and covers what the
// service reads.
func TestASignatureIsOfTheServiceAndItsRequest(t *testing.T) {
	at := time.Date(2026, 3, 2, 23, 30, 0, 0, time.FixedZone("", -3600)) // another day in UTC
	signed := func(s Service, body string, c Credentials, when time.Time) http.Header {
		client := Client{Config: Config{Region: "cn-north-1"}, Service: s}
		r, err := http.NewRequest(http.MethodPost, client.url(), http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("X-Amz-Target", s.Target+"Do")
		if err := sign(r, []byte(body), c, client.Region, s.Signs, when); err != nil {
			t.Fatal(err)
		}
		return r.Header
	}
	for _, s := range []Service{DynamoDB, EventBridge, KMS, SecretsManager, SES, SNS, SFN} {
		header := signed(s, "{}", Credentials{"AKID", "secret", "session"}, at)
		got := header.Get("Authorization")
		scope := "AWS4-HMAC-SHA256 Credential=AKID/20260303/cn-north-1/" + s.Signs + "/aws4_request, SignedHeaders="
		_, covered, _ := strings.Cut(got, scope)
		covered, _, _ = strings.Cut(covered, ",")
		for _, name := range []string{"host", "content-type", "x-amz-date", "x-amz-security-token", "x-amz-target"} {
			if !strings.Contains(";"+covered+";", ";"+name+";") {
				t.Errorf("%s: %s is not covered: %q", s.Name, name, got)
			}
		}
		if header.Get("X-Amz-Date") != "20260303T003000Z" || header.Get("X-Amz-Security-Token") != "session" {
			t.Errorf("%s: %v", s.Name, header)
		}
		for what, other := range map[string]http.Header{
			"body":   signed(s, "[]", Credentials{"AKID", "secret", "session"}, at),
			"secret": signed(s, "{}", Credentials{"AKID", "other", "session"}, at),
			"time":   signed(s, "{}", Credentials{"AKID", "secret", "session"}, at.Add(time.Second)),
		} {
			if other.Get("Authorization") == got {
				t.Errorf("%s: another %s has the same signature", s.Name, what)
			}
		}
	}
}
