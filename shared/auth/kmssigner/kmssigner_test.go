package kmssigner_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"realname/shared/auth"
	"realname/shared/auth/kmssigner"
	"realname/shared/awsapi"
	"realname/shared/awsapi/awsapitest"
)

const arn = "arn:aws:kms:eu-west-1:111122223333:key/token"

// keyService speaks the KMS JSON 1.1 protocol for one signing key.
type keyService struct {
	key              crypto.Signer
	algorithm        string
	down             atomic.Bool
	gets, signatures atomic.Int32
}

func (s *keyService) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var in struct {
		KeyID                         string `json:"KeyId"`
		MessageType, SigningAlgorithm string
		Message                       []byte
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in.KeyID != arn || s.down.Load() {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"__type":"KMSInvalidStateException"}`))
		return
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	out := map[string]any{"KeyId": arn}
	switch target := r.Header.Get("X-Amz-Target"); {
	case target == "TrentService.GetPublicKey":
		s.gets.Add(1)
		out["PublicKey"], _ = x509.MarshalPKIXPublicKey(s.key.Public())
	case target == "TrentService.Sign" && in.MessageType == "DIGEST" &&
		in.SigningAlgorithm == s.algorithm && len(in.Message) == sha256.Size:
		s.signatures.Add(1)
		out["Signature"], _ = s.key.Sign(rand.Reader, in.Message, crypto.SHA256)
	default:
		w.WriteHeader(http.StatusBadRequest)
		out = map[string]any{"__type": "ValidationException"}
	}
	_ = json.NewEncoder(w).Encode(out)
}

// client returns a client of the service.
func (s *keyService) client(t *testing.T) func() *awsapi.Client {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return func() *awsapi.Client { return awsapi.New(awsapitest.Config(server.URL), awsapi.KMS) }
}

func now() time.Time { return time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC) }

var of = auth.Subject{AccountID: "account-1", SignInID: "sign-in-1", EndsAt: now().Add(time.Hour)}

// services returns a service with a key of each algorithm.
func services(t *testing.T) (ecdsaKey, rsaKey *keyService) {
	t.Helper()
	p256, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rsa2048, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return &keyService{key: p256, algorithm: "ECDSA_SHA_256"},
		&keyService{key: rsa2048, algorithm: "RSASSA_PKCS1_V1_5_SHA_256"}
}

func TestTokensSignedByKMSAreVerified(t *testing.T) {
	p256, rsa2048 := services(t)
	// r or s of ECDSA begins with a zero byte in one of 128 signatures.
	for _, c := range []struct {
		service *keyService
		tokens  int
	}{
		{p256, 600},
		{rsa2048, 20},
	} {
		t.Run(c.service.algorithm, func(t *testing.T) { signs(t, c.service, c.tokens) })
	}
}

func signs(t *testing.T, service *keyService, tokens int) {
	client := service.client(t)
	signer := kmssigner.New(client, arn)
	if service.gets.Load() != 0 {
		t.Error("KMS was called before the first use")
	}
	issuer := auth.Issuer{
		Signer: signer, Name: "realname", Audience: "test", TTL: time.Hour,
		Now: now, NewID: func() string { return "1" },
	}
	verifier := auth.Verifier{Persons: signer.PublicKeys, Name: "realname", Audience: "test", Now: now}
	ctx := context.Background()

	service.down.Store(true)
	if _, _, err := issuer.Issue(ctx, of, now()); err == nil {
		t.Fatal("a token without a key service")
	}
	if algorithm, err := signer.Algorithm(ctx); err == nil || algorithm != "" {
		t.Errorf("algorithm %q without a key service", algorithm)
	}
	if signature, err := signer.Sign(ctx, make([]byte, sha256.Size)); err == nil || signature != nil {
		t.Errorf("signature %x without a key service", signature)
	}
	service.down.Store(false)
	last := ""
	for range tokens {
		token, _, err := issuer.Issue(ctx, of, now())
		if err != nil {
			t.Fatal(err)
		}
		if c, err := verifier.Verify(ctx, token); err != nil || c.AccountID != "account-1" {
			t.Fatal(c, err)
		}
		last = token
	}
	if service.gets.Load() != 1 || int(service.signatures.Load()) != tokens {
		t.Errorf("%d GetPublicKey, %d Sign", service.gets.Load(), service.signatures.Load())
	}
	service.down.Store(true)
	verifier.Persons = kmssigner.New(client, arn).PublicKeys
	if _, err := verifier.Verify(ctx, last); err == nil || errors.Is(err, auth.ErrInvalid) {
		t.Errorf("an outage of the key service must not make the token invalid: %v", err)
	}
}

// A stage that moves from one kind of key to the other has both. A rotation changes the
// algorithm, and every token stays valid.
func TestARingOfBothAlgorithmsRotatesWithoutLosingATokenOfEither(t *testing.T) {
	p256, rsa2048 := services(t)
	ring := &auth.Ring{Keys: []auth.RingKey{
		kmssigner.New(p256.client(t), arn), kmssigner.New(rsa2048.client(t), arn),
	}}
	signing := ""
	ring.Signing = func(context.Context) (string, error) { return signing, nil }
	issuer := auth.Issuer{
		Signing: ring.Current, Name: "realname", Audience: "test", TTL: time.Hour,
		Now: now, NewID: func() string { return "1" },
	}
	verifier := auth.Verifier{Persons: ring.PublicKeys, Name: "realname", Audience: "test", Now: now}
	ids, err := ring.IDs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var issued []string
	for _, next := range []string{"", ids[1], ids[0], ids[1]} {
		signing = next
		token, _, err := issuer.Issue(t.Context(), of, now())
		if err != nil {
			t.Fatal(err)
		}
		issued = append(issued, token)
		for i, token := range issued {
			if _, err := verifier.Verify(t.Context(), token); err != nil {
				t.Errorf("token %d after a rotation to %q: %v", i, next, err)
			}
		}
	}
}

func TestAKeyOfAnotherTypeDoesNotSign(t *testing.T) {
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer := kmssigner.New((&keyService{key: p384, algorithm: "ECDSA_SHA_256"}).client(t), arn)
	if id, err := signer.KeyID(t.Context()); err == nil || id != "" {
		t.Errorf("key ID %q, %v", id, err)
	}
}
