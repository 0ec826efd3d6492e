package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"
)

// ring seals with its primary key and opens with any of its keys, so that a key
// can be rotated while what older ones sealed stays readable.
//
// A sealed value is the byte 1, its key's ID in four bytes (big-endian), a
// 96-bit random nonce, and the AES-256-GCM ciphertext with its tag (NIST SP
// 800-38D, 8.2.2). That is the wire format of a Tink AEAD keyset with TINK
// prefixes, so keys can be moved to and from Tink.
type ring struct {
	primary uint32
	keys    map[uint32]cipher.AEAD
}

const (
	wireVersion = 1
	prefixBytes = 5
)

var errNotOurs = errors.New("no key of the vault sealed this")

// keyIDOf reads which key sealed a value; 0 when it does not say.
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
			return ring{}, fmt.Errorf("key %d of the vault: %d bytes, or its ID stands twice or is 0", k.ID, len(k.Secret))
		}
		block, err := aes.NewCipher(k.Secret)
		if err != nil {
			return ring{}, fmt.Errorf("key %d of the vault: %w", k.ID, err)
		}
		if r.keys[k.ID], err = cipher.NewGCMWithRandomNonce(block); err != nil {
			return ring{}, fmt.Errorf("key %d of the vault: %w", k.ID, err)
		}
	}
	if r.keys[r.primary] == nil {
		return ring{}, fmt.Errorf("the vault's primary key %d is not among its keys", r.primary)
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
