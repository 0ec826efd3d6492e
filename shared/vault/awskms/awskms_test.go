package awskms_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"

	"realname/shared/awsapi"
	"realname/shared/awsapi/awsapitest"
	"realname/shared/vault"
	"realname/shared/vault/awskms"
)

// keyService speaks the KMS JSON 1.1 protocol with a real AES-256-GCM key.
type keyService struct {
	aead *subtle.AESGCM
	mu   sync.Mutex
	down bool
	seen map[string]int
}

func (s *keyService) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	target := r.Header.Get("X-Amz-Target")
	s.seen[target]++
	var in struct {
		Plaintext, CiphertextBlob []byte
		EncryptionContext         map[string]string
	}
	err := json.NewDecoder(r.Body).Decode(&in)
	bound, _ := json.Marshal(in.EncryptionContext) // the encoder sorts the keys
	out := map[string]any{}
	switch {
	case err != nil || s.down || len(in.Plaintext) > 4096:
		err = errors.New("refused")
	case target == "TrentService.Encrypt":
		out["CiphertextBlob"], err = s.aead.Encrypt(in.Plaintext, bound)
	case target == "TrentService.Decrypt":
		out["Plaintext"], err = s.aead.Decrypt(in.CiphertextBlob, bound)
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		out = map[string]any{"__type": "InvalidCiphertextException"}
	}
	_ = json.NewEncoder(w).Encode(out)
}

func TestBothKeysetsAreUnwrappedInOneCall(t *testing.T) {
	aead, err := subtle.NewAESGCM([]byte("0123456789abcdef0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	service := &keyService{aead: aead, seen: map[string]int{}}
	server := httptest.NewServer(service)
	defer server.Close()
	client := func() *awsapi.Client { return awsapi.New(awsapitest.Config(server.URL), awsapi.KMS) }
	ctx := context.Background()
	keysets, err := vault.Generate()
	if err != nil {
		t.Fatal(err)
	}
	for range 6 { // after years of rotation, the keysets still fit in KMS's 4096 bytes
		if keysets, err = vault.Rotate(keysets); err != nil {
			t.Fatal(err)
		}
	}
	wrapped, err := awskms.Wrap(ctx, client(), "alias/vault", "test", keysets)
	if err != nil {
		t.Fatal(err)
	}
	held := func(context.Context) ([]byte, error) { return wrapped, nil }
	v := vault.New(awskms.Load(client, "test", held), time.Now)
	if service.seen["TrentService.Decrypt"] != 0 {
		t.Error("KMS was called before the first use")
	}
	service.down = true
	if v.Ready() == nil {
		t.Error("ready without a key service")
	}
	service.down = false
	service.seen = map[string]int{}
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			sealed, err := v.Seal([]byte("x"), "i", "f")
			if plain, openErr := v.Open(sealed, "i", "f"); err != nil || openErr != nil || string(plain) != "x" {
				t.Error(err, openErr)
			}
			if i, err := v.Index("p", "x"); err != nil || i == "" {
				t.Error(i, err)
			}
		})
	}
	wait.Wait()
	if n := service.seen["TrentService.Decrypt"]; n != 1 {
		t.Errorf("%d calls of Decrypt", n)
	}
	if vault.New(awskms.Load(client, "prod", held), time.Now).Ready() == nil {
		t.Error("another stage opens the keysets")
	}
}
