package vault

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// document holds every key of a vault, unencrypted. It exists only in memory and
// inside a KMS ciphertext. One KMS call loads all of it.
type document struct {
	Primary uint32       `json:"primary"` // the ID of the key that seals
	Keys    []sealingKey `json:"keys"`
	// Index makes the indexes of imports and of everything that lives two days at most:
	// counters and kept answers. It never changes. Keysets of version 1.0.0 have no other
	// key for indexes, so it stands in for each of the following that is missing.
	Index []byte `json:"index"`
	// Holders make the blind indexes of ID numbers and of checks, Codes the hashes of SMS
	// codes. Each has one key more after every rotation.
	Holders    []indexKey `json:"holders,omitempty"`
	Codes      []indexKey `json:"codes,omitempty"`
	Activation []byte     `json:"activation,omitempty"` // makes activation codes
}

// indexKey is an HMAC-SHA256 key. It makes new indexes from an instant on; before and
// after it, its indexes are looked up.
type indexKey struct {
	From   time.Time `json:"from,omitzero"`
	Secret []byte    `json:"secret"`
}

type sealingKey struct {
	ID     uint32 `json:"id"`
	Secret []byte `json:"secret"` // AES-256 key, 32 bytes
}

// keyBytes is the length of every key: AES-256 (FIPS 197) and HMAC-SHA256
// (RFC 2104, 3).
const keyBytes = 32

// Generate returns a document with new keys: one that seals, and one for each kind of
// index. The document is plaintext: wrap it (awskms.Wrap) before you store it.
func Generate() ([]byte, error) {
	d := document{
		Index: secret(), Activation: secret(),
		Holders: []indexKey{{Secret: secret()}}, Codes: []indexKey{{Secret: secret()}},
	}
	d.add()
	return json.Marshal(d)
}

// Rotate returns the document with a new primary key. The old keys still open the
// values that they sealed. RotateIndex changes the keys of indexes.
func Rotate(document []byte) ([]byte, error) {
	d, err := parse(document)
	if err != nil {
		return nil, err
	}
	d.add()
	return json.Marshal(d)
}

// ErrRotating means that the last rotation of the index keys has not begun yet.
var ErrRotating = errors.New("the new index keys of the last rotation are not in use yet: rotate again after that time")

// RotateIndex returns the document with new keys for blind indexes and SMS codes. Every
// process looks up the indexes of all keys, and makes new ones with the new key from the
// instant on. Between now and then, each must have loaded the document: KeysLife.
// Errors: ErrRotating.
func RotateIndex(document []byte, now, from time.Time) ([]byte, error) {
	d, err := parse(document)
	if err != nil {
		return nil, err
	}
	for _, keys := range []*[]indexKey{&d.Holders, &d.Codes} {
		if len(*keys) == 0 {
			*keys = []indexKey{{Secret: d.Index}}
		}
		if now.Before((*keys)[len(*keys)-1].From) {
			return nil, ErrRotating
		}
		*keys = append(*keys, indexKey{From: from, Secret: secret()})
	}
	return json.Marshal(d)
}

// KeyIDs returns the IDs of the keys that open sealed values, and of the one that
// seals.
func KeyIDs(document []byte) (ids []uint32, primary uint32, err error) {
	d, err := parse(document)
	if err != nil {
		return nil, 0, err
	}
	for _, k := range d.Keys {
		ids = append(ids, k.ID)
	}
	return ids, d.Primary, nil
}

// add generates a new key and makes it the primary one.
func (d *document) add() {
	d.Primary = newID()
	for d.has(d.Primary) {
		d.Primary = newID()
	}
	d.Keys = append(d.Keys, sealingKey{d.Primary, secret()})
}

func (d *document) has(id uint32) bool {
	for _, k := range d.Keys {
		if k.ID == id {
			return true
		}
	}
	return id == 0 // 0 means "none"
}

func newID() uint32 { return binary.BigEndian.Uint32(secret()) }

func secret() []byte {
	b := make([]byte, keyBytes)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the process instead
	return b
}

func parse(plain []byte) (document, error) {
	var d document
	if err := json.Unmarshal(plain, &d); err != nil {
		return d, errors.New("vault keys: not JSON") // the decoder's own error would quote them
	}
	if len(d.Index) != keyBytes {
		return d, fmt.Errorf("vault keys: index key: want %d bytes, got %d", keyBytes, len(d.Index))
	}
	for _, k := range append(append([]indexKey{}, d.Holders...), d.Codes...) {
		if len(k.Secret) != keyBytes {
			return d, fmt.Errorf("vault keys: index key: want %d bytes, got %d", keyBytes, len(k.Secret))
		}
	}
	if len(d.Activation) != 0 && len(d.Activation) != keyBytes {
		return d, fmt.Errorf("vault keys: activation key: want %d bytes, got %d", keyBytes, len(d.Activation))
	}
	return d, nil
}

// Read returns the keys of a document.
func Read(document []byte) (Keys, error) {
	d, err := parse(document)
	if err != nil {
		return Keys{}, err
	}
	ring, err := newRing(d)
	return Keys{ring: ring, indexes: indexesOf(d)}, err
}

// Ephemeral returns a vault with keys that end with the process.
func Ephemeral() *Vault {
	generate := func() (Keys, error) {
		generated, err := Generate()
		if err != nil {
			return Keys{}, err
		}
		return Read(generated)
	}
	return New(generate, func() time.Time { return time.Time{} }) // the clock stands: the keys are never loaded again
}
