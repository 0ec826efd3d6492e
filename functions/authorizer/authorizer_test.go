package authorizer

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"log/slog"
	"testing"
	"time"

	"realname/local/domaintest"
	"realname/shared/auth"
	"realname/shared/edge"
)

// none are the public keys of a kind without keys.
func none(context.Context) (map[string]crypto.PublicKey, error) { return nil, nil }

// A right token is not enough: the request must come through CloudFront.
func TestATokenCountsOnlyThroughCloudFront(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := auth.NewLocalSigner(key)
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) }
	issuer := &auth.Issuer{
		Signer: signer, Name: "i", Audience: "s", TTL: time.Minute, Now: now, NewID: domaintest.Counter("id"),
	}
	token, _, err := issuer.IssueMachine(t.Context(), "platform", "aspects:read")
	if err != nil {
		t.Fatal(err)
	}
	var fails error
	authorize := New(Ports{
		Verifier: &auth.Verifier{Persons: none, Machines: signer.PublicKeys, Name: "i", Audience: "s", Now: now},
		Gate: edge.NewGate(
			func(context.Context) ([]byte, error) { return []byte(`{"a":"value"}`), fails },
			now, slog.New(slog.DiscardHandler),
		),
		Log: slog.New(slog.DiscardHandler),
	})
	ask := func(origin string) (bool, error) {
		answer, err := authorize(t.Context(), request{
			Headers: map[string]string{"authorization": "Bearer " + token, edge.Header: origin},
		})
		return answer.IsAuthorized, err
	}
	fails = errors.New("throttled")
	if ok, err := ask("value"); ok || err == nil {
		t.Errorf("without the secret: %v %v", ok, err)
	}
	fails = nil
	for origin, want := range map[string]bool{"": false, "valu": false, "value": true} {
		if ok, err := ask(origin); ok != want || err != nil {
			t.Errorf("%q: %v %v, want %v", origin, ok, err, want)
		}
	}
}
