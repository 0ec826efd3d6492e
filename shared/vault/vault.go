// Package vault encrypts personal data before it is stored, and computes indexes to
// find it again. It implements realname.Sealer with AES-256-GCM and HMAC-SHA256 of the
// standard library. Its keys can be rotated.
package vault

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"sync"
	"time"

	"realname/shared/realname"
)

// Keys holds the keys of a vault, ready for use. The zero value has none.
type Keys struct {
	ring    ring
	indexes indexes
}

// Vault implements realname.Sealer. It loads its keys at the first use, so a function
// that handles no personal data makes no call for them.
type Vault struct {
	// Kept is told why the keys that were loaded before stay in use; nil tells nobody.
	Kept func(error)

	load func() (Keys, error)
	now  func() time.Time
	mu   sync.Mutex
	keys *Keys
	at   time.Time // of the last attempt to load
	// lost holds the IDs of keys that a reload did not find.
	lost map[uint32]bool
}

// KeysLife is how long a process uses the keys that it has loaded. After this time, a
// rotation is known everywhere.
const KeysLife = 15 * time.Minute

// New returns a vault that calls load at first use, again after a failed load, and
// again after KeysLife. If a later load fails, the vault keeps its keys.
func New(load func() (Keys, error), now func() time.Time) *Vault { return &Vault{load: load, now: now} }

func (v *Vault) loaded() (Keys, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.keys == nil || v.now().Sub(v.at) >= KeysLife {
		err := v.renew()
		if err != nil && v.keys == nil {
			return Keys{}, fmt.Errorf("load the vault's keys: %w", err)
		}
		if err != nil && v.Kept != nil {
			v.Kept(err)
		}
	}
	return *v.keys, nil
}

func (v *Vault) renew() error {
	v.at = v.now()
	k, err := v.load()
	if err != nil {
		return err
	}
	v.keys, v.lost = &k, map[uint32]bool{}
	return nil
}

// Forget makes the next use load the keys again, so that a new key seals at once where
// the process itself replaced the keys.
func (v *Vault) Forget() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.at = time.Time{}
}

const (
	// mostLost bounds the number of lost keys. Any further unknown key loads the keys
	// again at most once per lostPause, because callers can invent key IDs.
	mostLost  = 100
	lostPause = time.Minute
)

// renewed loads the keys again if the key that sealed a value is unknown, since a
// rotation may have added it. It looks for a missing key once per KeysLife, so a
// damaged value costs one call and not one call per read.
func (v *Vault) renewed(id uint32) (Keys, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if id == 0 || v.keys.ring.keys[id] != nil || v.lost[id] {
		return *v.keys, nil
	}
	lost := v.lost
	if len(lost) >= mostLost && v.now().Sub(v.at) < lostPause {
		return *v.keys, nil
	}
	if err := v.renew(); err != nil {
		return Keys{}, fmt.Errorf("load the vault's keys again: %w", err)
	}
	if v.keys.ring.keys[id] == nil && len(lost) < mostLost {
		lost[id] = true
	}
	v.lost = lost
	return *v.keys, nil
}

// Seal implements realname.Sealer. The result is unpadded standard base64.
func (v *Vault) Seal(plain []byte, item, field string) (realname.Sealed, error) {
	k, err := v.loaded()
	if err != nil {
		return "", err
	}
	return realname.Sealed(base64.RawStdEncoding.EncodeToString(k.ring.seal(plain, binding(item, field)))), nil
}

// Open implements realname.Sealer.
// Errors: realname.ErrSealed, or the error of loading the keys.
func (v *Vault) Open(sealed realname.Sealed, item, field string) ([]byte, error) {
	k, err := v.loaded()
	if err != nil {
		return nil, err
	}
	raw, err := base64.RawStdEncoding.DecodeString(string(sealed))
	// Accept one spelling only. The decoder alone would skip line breaks and ignore
	// stray bits at the end.
	if err != nil || base64.RawStdEncoding.EncodeToString(raw) != string(sealed) {
		return nil, realname.ErrSealed
	}
	if id := keyIDOf(raw); k.ring.keys[id] == nil {
		if k, err = v.renewed(id); err != nil {
			return nil, err
		}
	}
	plain, err := k.ring.open(raw, binding(item, field))
	if err != nil {
		return nil, realname.ErrSealed
	}
	return plain, nil
}

// binding joins two strings in a form that is different for every pair.
func binding(a, b string) []byte {
	return []byte(strconv.Itoa(len(a)) + ":" + a + "/" + b)
}

// Ready loads the keys. It returns an error if the vault cannot be used now.
func (v *Vault) Ready() error {
	_, err := v.loaded()
	return err
}
