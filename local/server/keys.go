package server

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"sync"

	"realname/local/meter"
	"realname/shared/auth"
	"realname/shared/store"
	"realname/shared/vault"
	authwiring "realname/shared/wiring/auth"
)

// keyset holds the vault's unwrapped keys, in place of a secret on AWS.
type keyset struct {
	mu    sync.Mutex
	clear []byte
}

func newKeyset() (*keyset, error) {
	keys, err := vault.Generate()
	return &keyset{clear: keys}, err
}

// Clear returns the keys.
func (k *keyset) Clear() []byte {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.clear
}

// Replace replaces the keys, unless the old ones are no longer current.
func (k *keyset) Replace(old, renewed []byte) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if string(k.clear) != string(old) {
		return false
	}
	k.clear = renewed
	return true
}

func (k *keyset) load() (vault.Keys, error) { return vault.Read(k.Clear()) }

// metered counts the signatures that KMS would make.
type metered struct {
	auth.RingKey
	meter *meter.Meter
}

// SignES256 implements auth.Signer.
func (k metered) SignES256(ctx context.Context, digest []byte) ([]byte, error) {
	k.meter.Signature()
	return k.RingKey.SignES256(ctx, digest)
}

// tokenKeys generates the two token keys of a kind. One of them signs.
func (s *Server) tokenKeys(kind auth.Kind) (*auth.Ring, error) {
	ring := &auth.Ring{
		Signing: authwiring.Signing(&store.Settings[auth.SigningKey]{
			Store: s.settings(), Kind: store.TokenSettings, Now: s.now,
		}, kind),
	}
	for range 2 {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return nil, fmt.Errorf("make a token key: %w", err)
		}
		signer, err := auth.NewLocalSigner(key)
		if err != nil {
			return nil, err
		}
		ring.Keys = append(ring.Keys, metered{signer, s.opts.Meter})
	}
	return ring, nil
}

// TokenKeys implements remote.Keys.
func (s *Server) TokenKeys(ctx context.Context, kind auth.Kind) ([]string, error) {
	return s.rings[kind].IDs(ctx)
}
