package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"
)

// ring seals with its primary key and opens with any of its keys, so that older values
// stay readable after a rotation.
//
// A sealed value is the byte 1, its key's ID in four bytes (big-endian), a 96-bit
// random nonce, and the AES-256-GCM ciphertext with its tag (NIST SP 800-38D, 8.2.2).
// This is the wire format of a Tink AEAD keyset with TINK prefixes, so keys can move
// to and from Tink.
type ring struct {
	primary uint32
	keys    map[uint32]cipher.AEAD
}

const (
	wireVersion = 1
	prefixBytes = 5
)

var errNotOurs = errors.New("no key of the vault sealed this")

// keyIDOf returns the ID of the key that sealed a value, or 0 if the value holds none.
func keyIDOf(sealed []byte) uint32 {
	if len(sealed) < prefixBytes || sealed[0] != wireVersion {
		return 0
	}
	return binary.BigEndian.Uint32(sealed[1:prefixBytes])
}

func newRing(d document) (ring, error) {
	r := ring{primary: d.Primary, keys: make(map[uint32]cipher.AEAD, len(d.Keys))}
	for _, k := range d.Keys {
		if len(k.Secret) != keyBytes || k.ID == 0 || r.keys[k.ID] != nil {
			return ring{}, fmt.Errorf("vault keys: key %d: want a unique ID other than 0 and %d bytes, got %d bytes",
				k.ID, keyBytes, len(k.Secret))
		}
		block, err := aes.NewCipher(k.Secret)
		if err != nil {
			return ring{}, fmt.Errorf("vault keys: key %d: %w", k.ID, err)
		}
		if r.keys[k.ID], err = cipher.NewGCMWithRandomNonce(block); err != nil {
			return ring{}, fmt.Errorf("vault keys: key %d: %w", k.ID, err)
		}
	}
	if r.keys[r.primary] == nil {
		return ring{}, fmt.Errorf("vault keys: the primary key %d does not exist", r.primary)
	}
	return r, nil
}

func (r ring) seal(plain, associated []byte) []byte {
	prefix := binary.BigEndian.AppendUint32([]byte{wireVersion}, r.primary)
	return r.keys[r.primary].Seal(prefix, nil, plain, associated)
}

func (r ring) open(sealed, associated []byte) ([]byte, error) {
	if len(sealed) < prefixBytes || sealed[0] != wireVersion {
		return nil, errNotOurs
	}
	key := r.keys[binary.BigEndian.Uint32(sealed[1:prefixBytes])]
	if key == nil {
		return nil, errNotOurs
	}
	return key.Open(nil, nil, sealed[prefixBytes:], associated)
}
