package auth_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"testing"
	"time"

	"realname/shared/auth"
)

func TestEveryKeyOfARingVerifiesAndOneSigns(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	var signing string
	ring := &auth.Ring{Signing: func(context.Context) (string, error) { return signing, nil }}
	for range 2 {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		signer, err := auth.NewLocalSigner(key)
		if err != nil {
			t.Fatal(err)
		}
		ring.Keys = append(ring.Keys, signer)
	}
	ids, err := ring.IDs(t.Context())
	if err != nil || len(ids) != 2 || ids[0] == ids[1] {
		t.Fatal(ids, err)
	}
	issuer := &auth.Issuer{
		Signing: ring.Current, Name: "realname", Audience: "test", TTL: time.Hour,
		Now: clock, NewID: func() string { return "1" },
	}
	verifier := &auth.Verifier{Persons: ring.PublicKeys, Name: "realname", Audience: "test", Now: clock}
	for _, c := range []struct{ signing, signs string }{
		{"", ids[0]}, {ids[1], ids[1]}, {"unknown", ids[0]}, {ids[0], ids[0]},
	} {
		signing = c.signing
		signer, err := ring.Current(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if id, _ := signer.KeyID(t.Context()); id != c.signs {
			t.Errorf("asked for %q, %s signs", c.signing, id)
		}
		token, _, err := issuer.Issue(t.Context(), subject("", time.Time{}), clock())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := verifier.Verify(t.Context(), token); err != nil {
			t.Errorf("a token of %q: %v", c.signing, err)
		}
	}
}

// A rotation of one kind must not change what signs the other. The names are stored.
func TestEachKindHasItsOwnSetting(t *testing.T) {
	if p, m := auth.Person.Setting(), auth.Machine.Setting(); p != "signing" || m != "signing-machine" {
		t.Errorf("%s, %s", p, m)
	}
}
