package vault

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
)

// document holds every key of a vault in clear. It exists in memory and inside a
// KMS ciphertext, so that one KMS call loads everything.
type document struct {
	Primary uint32       `json:"primary"` // the ID of the key that seals
	Keys    []sealingKey `json:"keys"`
	Index   []byte       `json:"index"` // HMAC-SHA256 key, 32 bytes
}

type sealingKey struct {
	ID     uint32 `json:"id"`
	Secret []byte `json:"secret"` // AES-256 key, 32 bytes
}

// keyBytes is the length of every key: AES-256 (FIPS 197) and HMAC-SHA256
// (RFC 2104, 3).
const keyBytes = 32

// Generate makes fresh keys: one that seals, and one that indexes. The result is
// in clear; wrap it (awskms.Wrap) before it is kept anywhere.
func Generate() ([]byte, error) {
	d := document{Index: secret()}
	d.add()
	return json.Marshal(d)
}

// Rotate returns the document with a new primary key; values sealed by the old
// ones still open. The index key stays, since indexes must stay equal.
func Rotate(clear []byte) ([]byte, error) {
	d, err := parse(clear)
	if err != nil {
		return nil, err
	}
	d.add()
	return json.Marshal(d)
}

// KeyIDs returns the IDs of the keys that open sealed values, and of the one that
// seals.
func KeyIDs(clear []byte) (ids []uint32, primary uint32, err error) {
	d, err := parse(clear)
	if err != nil {
		return nil, 0, err
	}
	for _, k := range d.Keys {
		ids = append(ids, k.ID)
	}
	return ids, d.Primary, nil
}

// add makes a new key and lets it seal from now on.
func (d *document) add() {
	for d.Primary = newID(); d.has(d.Primary); d.Primary = newID() {
	}
	d.Keys = append(d.Keys, sealingKey{d.Primary, secret()})
}

func (d *document) has(id uint32) bool {
	for _, k := range d.Keys {
		if k.ID == id {
			return true
		}
	}
	return id == 0 // stands for "none"
}

func newID() uint32 { return binary.BigEndian.Uint32(secret()) }

func secret() []byte {
	b := make([]byte, keyBytes)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the process instead
	return b
}

func parse(clear []byte) (document, error) {
	var d document
	if err := json.Unmarshal(clear, &d); err != nil {
		return d, errors.New("the vault's keys are no JSON") // the decoder's own error would quote them
	}
	if len(d.Index) != keyBytes {
		return d, fmt.Errorf("the vault's index key has %d bytes, not %d", len(d.Index), keyBytes)
	}
	return d, nil
}

// Read makes the keys of a document usable.
func Read(clear []byte) (Keys, error) {
	d, err := parse(clear)
	if err != nil {
		return Keys{}, err
	}
	ring, err := newRing(d)
	return Keys{ring: ring, index: d.Index}, err
}

// Ephemeral returns a vault with keys that end with the process.
func Ephemeral() *Vault {
	return New(func() (Keys, error) {
		clear, err := Generate()
		if err != nil {
			return Keys{}, err
		}
		return Read(clear)
	})
}
