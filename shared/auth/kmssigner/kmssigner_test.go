package kmssigner_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/kms"

	"realname/shared/auth"
	"realname/shared/auth/kmssigner"
)

const arn = "arn:aws:kms:eu-west-1:111122223333:key/token"

// keyService speaks the KMS JSON 1.1 protocol for one signing key.
type keyService struct {
	key              *ecdsa.PrivateKey
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
		out["PublicKey"], _ = x509.MarshalPKIXPublicKey(&s.key.PublicKey)
	case target == "TrentService.Sign" && in.MessageType == "DIGEST" &&
		in.SigningAlgorithm == "ECDSA_SHA_256" && len(in.Message) == 32:
		s.signatures.Add(1)
		out["Signature"], _ = ecdsa.SignASN1(rand.Reader, s.key, in.Message)
	default:
		w.WriteHeader(http.StatusBadRequest)
		out = map[string]any{"__type": "ValidationException"}
	}
	_ = json.NewEncoder(w).Encode(out)
}

func TestTokensSignedByKMSAreVerified(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	service := &keyService{key: key}
	server := httptest.NewServer(service)
	defer server.Close()
	client := func() *kms.Client {
		return kms.New(kms.Options{
			Region: "eu-west-1", BaseEndpoint: aws.String(server.URL), RetryMaxAttempts: 1,
			Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""),
		})
	}
	signer := kmssigner.New(client, arn)
	if service.gets.Load() != 0 {
		t.Error("KMS was called before the first use")
	}
	now := func() time.Time { return time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC) }
	issuer := auth.Issuer{
		Signer: signer, Name: "realname", Audience: "test", TTL: time.Hour,
		Now: now, NewID: func() string { return "1" },
	}
	verifier := auth.Verifier{Persons: signer.PublicKeys, Name: "realname", Audience: "test", Now: now}
	ctx := context.Background()

	service.down.Store(true)
	of := auth.Subject{AccountID: "account-1", SignInID: "sign-in-1", EndsAt: now().Add(time.Hour)}
	if _, _, err := issuer.Issue(ctx, of, now()); err == nil {
		t.Fatal("a token without a key service")
	}
	service.down.Store(false)
	last := ""
	// r or s begins with a zero byte in one of 128 signatures.
	for range 600 {
		token, _, err := issuer.Issue(ctx, of, now())
		if err != nil {
			t.Fatal(err)
		}
		if c, err := verifier.Verify(ctx, token); err != nil || c.AccountID != "account-1" {
			t.Fatal(c, err)
		}
		last = token
	}
	if service.gets.Load() != 1 || service.signatures.Load() != 600 {
		t.Errorf("%d GetPublicKey, %d Sign", service.gets.Load(), service.signatures.Load())
	}
	service.down.Store(true)
	verifier.Persons = kmssigner.New(client, arn).PublicKeys
	if _, err := verifier.Verify(ctx, last); err == nil || errors.Is(err, auth.ErrInvalid) {
		t.Errorf("an outage of the key service must not make the token invalid: %v", err)
	}
}
