// Package vault encrypts personal data before it is stored, and indexes what has
// to be found again. It implements realname.Sealer with AES-256-GCM and HMAC-SHA256
// of the standard library, under keys that can be rotated.
package vault

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"sync"

	"realname/shared/realname"
)

// Keys are a vault's keys, ready for use. The zero value has none.
type Keys struct {
	ring  ring
	index []byte
}

// Vault implements realname.Sealer. Its keys are loaded when first used, so a
// function that handles no personal data makes no call for them.
type Vault struct {
	load func() (Keys, error)
	mu   sync.Mutex
	keys *Keys
	// lost are IDs of keys that were looked for in vain.
	lost map[uint32]bool
}

// New returns a vault that calls load at first use, and again after a failed
// load.
func New(load func() (Keys, error)) *Vault { return &Vault{load: load} }

func (v *Vault) loaded() (Keys, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.keys == nil {
		k, err := v.load()
		if err != nil {
			return Keys{}, fmt.Errorf("load the vault's keys: %w", err)
		}
		v.keys = &k
	}
	return *v.keys, nil
}

// mostLost bounds how many keys are looked for in vain.
const mostLost = 100

// renewed loads the keys again when the one that sealed a value is not known: it
// was rotated in since they were loaded. A key that is not there then is never
// looked for again, so that a damaged value costs one call and not one a read.
func (v *Vault) renewed(id uint32) (Keys, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if id == 0 || v.keys.ring.keys[id] != nil || v.lost[id] || len(v.lost) >= mostLost {
		return *v.keys, nil
	}
	k, err := v.load()
	if err != nil {
		return Keys{}, fmt.Errorf("load the vault's keys again: %w", err)
	}
	v.keys = &k
	if k.ring.keys[id] == nil {
		if v.lost == nil {
			v.lost = map[uint32]bool{}
		}
		v.lost[id] = true
	}
	return k, nil
}

// ErrSealed tells that a value cannot be opened: it was changed, belongs to
// another item or field, or its key is gone. It does not tell which.
var ErrSealed = errors.New("vault: the value cannot be opened")

// Seal implements realname.Sealer. The result is unpadded standard base64.
func (v *Vault) Seal(plain []byte, item, field string) (realname.Sealed, error) {
	k, err := v.loaded()
	if err != nil {
		return "", err
	}
	return realname.Sealed(base64.RawStdEncoding.EncodeToString(k.ring.seal(plain, binding(item, field)))), nil
}

// Open implements realname.Sealer. Errors: ErrSealed, or why the keys could not
// be loaded.
func (v *Vault) Open(sealed realname.Sealed, item, field string) ([]byte, error) {
	k, err := v.loaded()
	if err != nil {
		return nil, err
	}
	raw, err := base64.RawStdEncoding.DecodeString(string(sealed))
	// A value has one spelling: the decoder alone skips line breaks and ignores
	// stray bits at the end.
	if err != nil || base64.RawStdEncoding.EncodeToString(raw) != string(sealed) {
		return nil, ErrSealed
	}
	if id := keyIDOf(raw); k.ring.keys[id] == nil {
		if k, err = v.renewed(id); err != nil {
			return nil, err
		}
	}
	plain, err := k.ring.open(raw, binding(item, field))
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}

// binding joins two strings so that no other pair gives the same bytes.
func binding(a, b string) []byte {
	return []byte(strconv.Itoa(len(a)) + ":" + a + "/" + b)
}

// Index implements realname.Sealer: 16 bytes of HMAC-SHA256 in hex, separate for
// each purpose. It serves equality only.
// Errors: why the keys could not be loaded. There is no index then, because a
// value given instead would equal other such values, and a wrong SMS code would
// pass.
func (v *Vault) Index(purpose, value string) (string, error) {
	k, err := v.loaded()
	if err != nil {
		return "", err
	}
	mac := hmac.New(sha256.New, k.index)
	mac.Write(binding(purpose, value))
	return hex.EncodeToString(mac.Sum(nil)[:16]), nil
}

// Ready loads the keys. Its error tells that the vault cannot be used now.
func (v *Vault) Ready() error {
	_, err := v.loaded()
	return err
}
