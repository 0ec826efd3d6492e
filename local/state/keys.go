package state

import (
	"bytes"
	"sync"

	"realname/shared/auth"
	"realname/shared/vault"
)

// Keys are the keys of one machine: the vault's keysets, and the keys of tokens. On
// AWS they are in Secrets Manager and KMS. Without a file they end with the process.
type Keys struct {
	path string // "" for keys in memory

	mu      sync.Mutex
	vault   []byte
	tokens  map[auth.Kind][]*auth.LocalSigner
	raw     map[auth.Kind][][]byte // the token keys in PKCS #8
	renewed []func()
}

// NewKeys generates keys that end with the process.
func NewKeys() (*Keys, error) {
	k := &Keys{tokens: map[auth.Kind][]*auth.LocalSigner{}, raw: map[auth.Kind][][]byte{}}
	var err error
	if k.vault, err = vault.Generate(); err != nil {
		return nil, err
	}
	for _, kind := range kinds() {
		for range tokenKeys {
			raw, signer, err := newToken()
			if err != nil {
				return nil, err
			}
			k.raw[kind], k.tokens[kind] = append(k.raw[kind], raw), append(k.tokens[kind], signer)
		}
	}
	return k, nil
}

// Clear returns the vault's unwrapped keys.
func (k *Keys) Clear() []byte {
	k.mu.Lock()
	defer k.mu.Unlock()
	return bytes.Clone(k.vault)
}

// Load returns the vault's keys.
func (k *Keys) Load() (vault.Keys, error) { return vault.Read(k.Clear()) }

// Digests returns a digest of each of the vault's keys.
func (k *Keys) Digests() ([]string, error) { return vault.Digests(k.Clear()) }

// OnReplace calls f after each replacement of the vault's keys. Call it before the
// keys are in use.
func (k *Keys) OnReplace(f func()) { k.renewed = append(k.renewed, f) }

// Replace replaces the vault's keys, unless the old ones are no longer current.
func (k *Keys) Replace(old, renewed []byte) (replaced bool, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !bytes.Equal(k.vault, old) {
		return false, nil
	}
	if _, err := vault.Read(renewed); err != nil {
		return false, err
	}
	if err := k.save(renewed, k.raw); err != nil {
		return false, err
	}
	k.vault = renewed
	for _, f := range k.renewed {
		f()
	}
	return true, nil
}
