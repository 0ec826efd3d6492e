package auth

import (
	"context"
	"crypto"
	"errors"
	"fmt"
)

// RingKey is one key of a ring.
type RingKey interface {
	Signer
	PublicKeys(ctx context.Context) (map[string]crypto.PublicKey, error)
}

// Ring holds the token keys of one kind. All of them verify and one signs, so the
// signing key can change at any time without invalidating issued tokens.
type Ring struct {
	Keys []RingKey
	// Signing returns the ID of the key that signs. The first key signs if the
	// ID is empty or not in the ring.
	Signing func(ctx context.Context) (keyID string, err error)
}

// Current returns the key that signs now.
func (r *Ring) Current(ctx context.Context) (Signer, error) {
	if len(r.Keys) == 0 {
		return nil, errors.New("token keys: the ring is empty; add one key")
	}
	if len(r.Keys) == 1 || r.Signing == nil {
		return r.Keys[0], nil
	}
	wanted, err := r.Signing(ctx)
	if err != nil {
		return nil, fmt.Errorf("find the signing token key: %w", err)
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

// PublicKeys returns every key by its ID: the published key set.
func (r *Ring) PublicKeys(ctx context.Context) (map[string]crypto.PublicKey, error) {
	all := map[string]crypto.PublicKey{}
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

// IDs returns the IDs of the keys in the order of the ring.
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

// Setting returns the name of the setting that names the signing key of a kind.
func (k Kind) Setting() string {
	if k == Machine {
		return "signing-machine"
	}
	return "signing"
}

// SigningKey is the setting that names the token key that signs.
type SigningKey struct {
	KeyID string `json:"keyId"`
}
