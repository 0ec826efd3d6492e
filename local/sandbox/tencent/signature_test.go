package tencent

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// The worked example of the public documentation (签名方法 v3, as published in
// 2023): DescribeInstances of CVM.
const (
	exampleID      = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE"
	exampleKey     = "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"
	examplePayload = `{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}`
	exampleHeader  = "TC3-HMAC-SHA256 Credential=" + exampleID + "/2019-02-25/cvm/tc3_request, " +
		"SignedHeaders=content-type;host, " +
		"Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
)

func authenticateExample(change func(header, payload string) (string, string), now time.Time) (string, string) {
	header, payload := exampleHeader, examplePayload
	if change != nil {
		header, payload = change(header, payload)
	}
	r := httptest.NewRequest("POST", "https://cvm.tencentcloudapi.com/", strings.NewReader(payload))
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("X-TC-Action", "DescribeInstances")
	r.Header.Set("X-TC-Timestamp", "1551113065")
	r.Header.Set("Authorization", header)
	sim := New(Config{SecretID: exampleID, SecretKey: exampleKey, Now: func() time.Time { return now }})
	return sim.authenticate(r, []byte(payload))
}

func TestTheDocumentationsExampleIsAuthentic(t *testing.T) {
	service, code := authenticateExample(nil, time.Unix(1551113065, 0))
	if service != "cvm" || code != "" {
		t.Errorf("%q %q", service, code)
	}
}

func TestWhatIsNotAuthenticIsRefusedWithItsCode(t *testing.T) {
	at := time.Unix(1551113065, 0)
	replace := func(old, with string) func(string, string) (string, string) {
		return func(header, payload string) (string, string) {
			return strings.ReplaceAll(header, old, with), strings.ReplaceAll(payload, old, with)
		}
	}
	for name, c := range map[string]struct {
		change func(string, string) (string, string)
		now    time.Time
		want   string
	}{
		"another body":       {replace(`"Limit": 1`, `"Limit": 2`), at, "AuthFailure.SignatureFailure"},
		"another date":       {replace("2019-02-25", "2019-02-26"), at, "AuthFailure.SignatureFailure"},
		"another service":    {replace("/cvm/", "/sms/"), at, "AuthFailure.SignatureFailure"},
		"another key":        {replace(exampleID, "AKIDother"), at, "AuthFailure.SecretIdNotFound"},
		"another algorithm":  {replace("TC3-HMAC-SHA256", "TC3-HMAC-SM3"), at, "AuthFailure.InvalidAuthorization"},
		"host is not signed": {replace("content-type;host", "content-type"), at, "AuthFailure.InvalidAuthorization"},
		"no header": {
			func(_, p string) (string, string) { return "", p }, at, "AuthFailure.InvalidAuthorization",
		},
		"five minutes and one":  {nil, at.Add(301 * time.Second), "AuthFailure.SignatureExpire"},
		"five minutes too soon": {nil, at.Add(-301 * time.Second), "AuthFailure.SignatureExpire"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, code := authenticateExample(c.change, c.now); code != c.want {
				t.Errorf("got %q, want %q", code, c.want)
			}
		})
	}
}
