package auth

import (
	"context"
	"crypto/ecdsa"
	"errors"
	"fmt"
)

// RingKey is one key of a ring.
type RingKey interface {
	Signer
	PublicKeys(ctx context.Context) (map[string]*ecdsa.PublicKey, error)
}

// Ring is the token keys of a stage. All of them verify, one signs; so which one
// signs can change at any moment, and no token in anybody's hands stops working.
type Ring struct {
	Keys []RingKey
	// Signing names the key that signs, by its ID; the first one when it names
	// none, or one that is not in the ring.
	Signing func(ctx context.Context) (keyID string, err error)
}

// Current returns the key that signs now.
func (r *Ring) Current(ctx context.Context) (Signer, error) {
	if len(r.Keys) == 0 {
		return nil, errors.New("there is no token key")
	}
	if len(r.Keys) == 1 || r.Signing == nil {
		return r.Keys[0], nil
	}
	wanted, err := r.Signing(ctx)
	if err != nil {
		return nil, fmt.Errorf("which token key signs: %w", err)
	}
	for _, k := range r.Keys {
		id, err := k.KeyID(ctx)
		if err != nil {
			return nil, err
		}
		if id == wanted {
			return k, nil
		}
	}
	return r.Keys[0], nil
}

// PublicKeys returns every key, by its ID, as the key set that is published.
func (r *Ring) PublicKeys(ctx context.Context) (map[string]*ecdsa.PublicKey, error) {
	all := map[string]*ecdsa.PublicKey{}
	for _, k := range r.Keys {
		keys, err := k.PublicKeys(ctx)
		if err != nil {
			return nil, err
		}
		for id, key := range keys {
			all[id] = key
		}
	}
	return all, nil
}

// IDs returns the keys' IDs in their order.
func (r *Ring) IDs(ctx context.Context) ([]string, error) {
	ids := make([]string, len(r.Keys))
	for i, k := range r.Keys {
		var err error
		if ids[i], err = k.KeyID(ctx); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// SigningKey is the setting that says which token key signs.
type SigningKey struct {
	KeyID string `json:"keyId"`
}
