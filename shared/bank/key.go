package bank

import (
	"crypto"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/emmansun/gmsm/smx509"

	"realname/shared/realname"
)

// maxLive is how many keys of one owner may be live at the same time: the old
// key and its successor.
const maxLive = 2

// Key is a public key and the time in which it is live.
type Key struct {
	Serial    string    `json:"serial"` // RN-Serial: 1 to 64 letters, digits, '.', '_' and '-'
	Algorithm Algorithm `json:"algorithm"`
	PublicKey string    `json:"publicKey"` // SubjectPublicKeyInfo in PEM (RFC 7468, 13)
	NotBefore time.Time `json:"notBefore"` // from this instant
	NotAfter  time.Time `json:"notAfter"`  // and before this one
}

// OwnKey is a key of this service with its sealed private key.
type OwnKey struct {
	Key
	PrivateKey realname.Sealed `json:"privateKey"`
}

// Live reports whether the key is live at the instant.
func (k Key) Live(at time.Time) bool { return !at.Before(k.NotBefore) && at.Before(k.NotAfter) }

// Public returns the parsed key.
// Errors: the PEM is invalid, or the key does not suit its algorithm.
func (k Key) Public() (crypto.PublicKey, error) {
	block, rest := pem.Decode([]byte(k.PublicKey))
	if block == nil || block.Type != "PUBLIC KEY" || strings.TrimSpace(string(rest)) != "" {
		return nil, errors.New("public key: want one PEM block of type PUBLIC KEY")
	}
	public, err := smx509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, errors.New("public key: cannot parse the PEM block")
	}
	return public, k.Algorithm.suits(public)
}

// PublicPEM encodes a public key for Key.PublicKey.
func PublicPEM(public crypto.PublicKey) (string, error) {
	der, err := smx509.MarshalPKIXPublicKey(public)
	if err != nil {
		return "", fmt.Errorf("encode the public key: %w", err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})), nil
}

// PrivatePEM encodes a private key as OpenSSL reads it (PKCS #8).
func PrivatePEM(private crypto.Signer) (string, error) {
	der, err := smx509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return "", fmt.Errorf("encode the private key: %w", err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), nil
}

// ParsePrivate parses a private key (PKCS #8 in PEM) for the algorithm. Its error
// reveals nothing of the key.
func ParsePrivate(text string, a Algorithm) (crypto.Signer, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil || block.Type != "PRIVATE KEY" {
		return nil, errors.New("private key: want a PEM block of type PRIVATE KEY (PKCS #8, unencrypted)")
	}
	parsed, err := smx509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errors.New("private key: cannot parse the PEM block")
	}
	private, ok := parsed.(crypto.Signer)
	if !ok {
		return nil, errors.New("private key: this type of key cannot sign")
	}
	return private, a.suits(private.Public())
}

func serialValid(serial string) bool {
	if serial == "" || len(serial) > 64 {
		return false
	}
	for _, c := range []byte(serial) {
		if !alphanumeric(c) && c != '.' && c != '_' && c != '-' {
			return false
		}
	}
	return true
}

func alphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

// validKeys checks the keys of one owner: each has a valid serial, public key and
// time, serials are unique, and at most maxLive keys are live at the same time.
func validKeys(field string, keys []Key) error {
	var failures []error
	fail := func(k Key, err error) { failures = append(failures, fmt.Errorf("%s: %q: %w", field, k.Serial, err)) }
	seen := map[string]bool{}
	for _, k := range keys {
		if !serialValid(k.Serial) {
			fail(k, errors.New("serial: want 1 to 64 letters, digits, '.', '_' and '-'"))
		}
		if seen[k.Serial] {
			fail(k, errors.New("the serial is not unique"))
		}
		seen[k.Serial] = true
		if _, err := k.Public(); err != nil {
			fail(k, err)
		}
		if !k.NotBefore.Before(k.NotAfter) {
			fail(k, errors.New("want notBefore before notAfter"))
		}
		if n := liveAt(keys, k.NotBefore); n > maxLive && k.Live(k.NotBefore) {
			from := k.NotBefore.UTC().Format(time.RFC3339)
			fail(k, fmt.Errorf("%d live keys from %s, at most %d are allowed: end one first", n, from, maxLive))
		}
	}
	return errors.Join(failures...)
}

func liveAt(keys []Key, at time.Time) (n int) {
	for _, k := range keys {
		if k.Live(at) {
			n++
		}
	}
	return n
}
