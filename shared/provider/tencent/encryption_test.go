package tencent_test

import (
	"bytes"
	"crypto/rsa"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"testing"

	tencentsandbox "realname/local/sandbox/tencent"
	"realname/shared/provider/credential"
	"realname/shared/provider/tencent"
	"realname/shared/realname"
)

// startEncrypted is start with an account that accepts encrypted fields.
func startEncrypted(t *testing.T, key *rsa.PrivateKey) harness {
	t.Helper()
	return start(t, func(c *tencent.Config, sim *tencentsandbox.Config) {
		sim.EncryptionKey = key
		c.Credentials = credential.Fixed(tencent.Credentials{
			SecretID: sim.SecretID, SecretKey: sim.SecretKey, EncryptionKey: &key.PublicKey,
		})
	})
}

func TestEncryptedFieldsAreNowhereInTheRequest(t *testing.T) {
	h := startEncrypted(t, newKey(t))
	var sent bytes.Buffer
	tap := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		sent.Write(body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		proxy := httputil.ReverseProxy{Rewrite: func(p *httputil.ProxyRequest) {
			p.SetURL(h.config.Endpoint)
			p.Out.Host = p.In.Host
		}}
		proxy.ServeHTTP(w, r)
	}))
	defer tap.Close()
	config := h.config
	var err error
	if config.Endpoint, err = url.Parse(tap.URL); err != nil {
		t.Fatal(err)
	}
	client := tencent.New(config)
	if r, err := client.CheckIDCard(t.Context(), idCard); err != nil || r.Outcome != realname.Match {
		t.Fatalf("%+v %v", r, err)
	}
	if r, err := client.CheckBankCard(t.Context(), bankCard); err != nil || r.Outcome != realname.Match {
		t.Fatalf("%+v %v", r, err)
	}
	for _, value := range []string{zhao.Name, zhao.IDNumber, bankCard.CardNumber, bankCard.Mobile} {
		if bytes.Contains(sent.Bytes(), []byte(value)) {
			t.Errorf("%d bytes sent hold an unencrypted value", sent.Len())
		}
	}
}

func TestAnEncryptionKeyOfAnotherAccountIsAFailure(t *testing.T) {
	h := startEncrypted(t, newKey(t))
	config := h.config
	config.Credentials = credential.Fixed(tencent.Credentials{
		SecretID: "AKIDtest", SecretKey: "key of a test", EncryptionKey: &newKey(t).PublicKey,
	})
	r, err := tencent.New(config).CheckIDCard(t.Context(), idCard)
	if err == nil || r.Outcome != realname.Unavailable || r.Code != "FailedOperation.DecryptSystemError" {
		t.Errorf("%+v %v", r, err)
	}
}
