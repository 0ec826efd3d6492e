package tencent_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"realname/shared/provider/credential"
	"realname/shared/provider/tencent"
	"realname/shared/realname"
)

// For any answer, only the documented code for "matches" is a match, and an unusable
// answer decides nothing.
func FuzzAnswer(f *testing.F) {
	f.Add(`{"Response":{"Result":"0","RequestId":"r"}}`)
	f.Add(`{"Response":{"Result":-1,"RequestId":"r"}}`)
	f.Add(`{"Response":{"Error":{"Code":"FailedOperation","Message":"x"},"RequestId":"r"}}`)
	f.Add(`{"Response":{"StatusCode":0,"VerifyResult":1,"OperatingStatus":"1","IsCreditCodeConsistent":true,` +
		`"IsEntNameConsistent":true,"IsLrNameConsistent":true,"IsIdNumConsistent":true,"RequestId":"r"}}`)
	f.Add(`{"Response":{"SendStatusSet":[{"Code":"Ok"}],"RequestId":"r"}}`)
	var answer atomic.Value
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(answer.Load().(string))) // the client is gone if it fails
	}))
	f.Cleanup(server.Close)
	endpoint, err := url.Parse(server.URL)
	if err != nil {
		f.Fatal(err)
	}
	client := tencent.New(tencent.Config{
		Region: "ap-guangzhou", Now: time.Now, Endpoint: endpoint,
		Credentials: credential.Fixed(tencent.Credentials{SecretID: "id", SecretKey: "key"}),
		SMS:         tencent.SMSConfig{AppID: "1", Sign: "s", Template: "1", Parameters: []string{"code", "minutes"}},
	})
	f.Fuzz(func(t *testing.T, body string) {
		answer.Store(body)
		enterpriseResult, _ := client.CheckEnterprise(t.Context(), enterprise)
		idCardResult, _ := client.CheckIDCard(t.Context(), idCard)
		bankCardResult, _ := client.CheckBankCard(t.Context(), bankCard)
		sent, _ := client.SendCode(t.Context(), message)
		lower := strings.ReplaceAll(strings.ToLower(body), "ſ", "s") // names in JSON match by folding
		for check, holds := range map[string]struct {
			result realname.CheckResult
			needs  []string
		}{
			"enterprise": {enterpriseResult, []string{
				"response", "requestid", "statuscode", "verifyresult", "operatingstatus",
				"isidnumconsistent", "true", "1", "0",
			}},
			"ID card":   {idCardResult, []string{"response", "requestid", "result", "0"}},
			"bank card": {bankCardResult, []string{"response", "requestid", "result", "0"}},
			"SMS":       {sent, []string{"response", "requestid", "sendstatusset", "ok"}},
		} {
			if holds.result.Outcome != realname.Match {
				continue
			}
			if !json.Valid([]byte(body)) {
				t.Errorf("%s: %q is a match", check, body)
			}
			for _, word := range holds.needs {
				if !strings.Contains(lower, word) && !strings.Contains(lower, `\u`) {
					t.Errorf("%s: %q is a match without %q", check, body, word)
				}
			}
		}
	})
}

// ParseCredentials returns complete credentials or an error.
func FuzzParseCredentials(f *testing.F) {
	f.Add(`{"secretId":"a","secretKey":"b",` +
		`"encryptionPublicKey":"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"}`)
	f.Add(`{"secretId":"a"}`)
	f.Fuzz(func(t *testing.T, secret string) {
		c, err := tencent.ParseCredentials([]byte(secret))
		if err == nil && (c.SecretID == "" || c.SecretKey == "") {
			t.Errorf("%q: %+v", secret, c)
		}
	})
}
