package state

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"maps"
	"slices"

	"realname/shared/auth"
)

// tokenKeys is the number of token keys of a kind, as on a stage: all verify, one signs.
const tokenKeys = 2

// kinds are the kinds of tokens, each with its own keys.
func kinds() []auth.Kind { return []auth.Kind{auth.Person, auth.Machine} }

func readToken(raw []byte) (*auth.LocalSigner, error) {
	parsed, err := x509.ParsePKCS8PrivateKey(raw)
	key, ok := parsed.(*ecdsa.PrivateKey)
	if err != nil || !ok {
		return nil, errors.New("a token key of the key file is damaged: restore the file from a backup")
	}
	return auth.NewLocalSigner(key)
}

func newToken() ([]byte, *auth.LocalSigner, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, fmt.Errorf("make a token key: %w", err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, nil, fmt.Errorf("make a token key: %w", err)
	}
	signer, err := auth.NewLocalSigner(key)
	return raw, signer, err
}

// Tokens returns the token keys of a kind.
func (k *Keys) Tokens(kind auth.Kind) []auth.RingKey {
	ring := make([]auth.RingKey, tokenKeys)
	for i := range ring {
		ring[i] = tokenKey{k, kind, i}
	}
	return ring
}

// TokenKeys returns the IDs of the token keys of a kind.
func (k *Keys) TokenKeys(ctx context.Context, kind auth.Kind) ([]string, error) {
	return (&auth.Ring{Keys: k.Tokens(kind)}).IDs(ctx)
}

// RenewToken replaces the token key of a kind that does not sign, and returns the ID of
// the new one. Tokens of the replaced key are refused from now on.
func (k *Keys) RenewToken(kind auth.Kind, signing string) (id string, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.tokens[kind]) != tokenKeys {
		return "", fmt.Errorf("there are no token keys of the kind %q", kind)
	}
	at := 1
	if second, _ := k.tokens[kind][1].KeyID(context.Background()); second == signing { // never fails in memory
		at = 0
	}
	raw, signer, err := newToken()
	if err != nil {
		return "", err
	}
	tokens := maps.Clone(k.raw)
	tokens[kind] = slices.Clone(tokens[kind])
	tokens[kind][at] = raw
	if err := k.save(k.vault, tokens); err != nil {
		return "", err
	}
	k.raw, k.tokens[kind][at] = tokens, signer
	return signer.KeyID(context.Background())
}

// tokenKey is one of the token keys, which RenewToken can replace.
type tokenKey struct {
	keys *Keys
	kind auth.Kind
	at   int
}

func (t tokenKey) signer() *auth.LocalSigner {
	t.keys.mu.Lock()
	defer t.keys.mu.Unlock()
	return t.keys.tokens[t.kind][t.at]
}

// KeyID implements auth.Signer.
func (t tokenKey) KeyID(ctx context.Context) (string, error) { return t.signer().KeyID(ctx) }

// Algorithm implements auth.Signer.
func (t tokenKey) Algorithm(ctx context.Context) (auth.Algorithm, error) {
	return t.signer().Algorithm(ctx)
}

// Sign implements auth.Signer.
func (t tokenKey) Sign(ctx context.Context, digest []byte) ([]byte, error) {
	return t.signer().Sign(ctx, digest)
}

// PublicKeys implements auth.RingKey.
func (t tokenKey) PublicKeys(ctx context.Context) (map[string]crypto.PublicKey, error) {
	return t.signer().PublicKeys(ctx)
}
