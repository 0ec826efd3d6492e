package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"realname/shared/realname"
)

// One machine names its provider's credentials by a file and needs nothing of AWS.
func TestProvidersOfOneMachineAreProbedWithItsOwnSecret(t *testing.T) {
	asked := 0
	tencent := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	defer tencent.Close()
	secret := filepath.Join(t.TempDir(), "tencent.json")
	if err := os.WriteFile(secret, []byte(`{"secretId":"AKIDmachine","secretKey":"k"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("REALNAME_TABLE", "")
	t.Setenv("REALNAME_REGISTRY_PROVIDERS", "tencent")
	t.Setenv("REALNAME_TENCENT_SECRET_FILE", secret)
	t.Setenv("REALNAME_TENCENT_ENDPOINT", tencent.URL)
	c := providerCheck{State: t.TempDir(), Timeout: 5 * time.Second}
	asks, err := c.connect(t.Context())
	if err != nil || len(asks) != 1 || asks[0].check != realname.RegistryCheck {
		t.Fatalf("%v %v", asks, err)
	}
	if c.probe(t.Context(), asks[0]); asked == 0 {
		t.Error("the provider was not asked")
	}
}
