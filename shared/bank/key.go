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

// maxLive is how many keys of one owner may be live at one time: the old one and
// its successor.
const maxLive = 2

// Key is a public key with the time in which it counts.
type Key struct {
	Serial    string    `json:"serial"` // RN-Serial: 1 to 64 letters, digits, '.', '_' and '-'
	Algorithm Algorithm `json:"algorithm"`
	PublicKey string    `json:"publicKey"` // SubjectPublicKeyInfo in PEM (RFC 7468, 13)
	NotBefore time.Time `json:"notBefore"` // from this instant
	NotAfter  time.Time `json:"notAfter"`  // and before this one
}

// OwnKey is a key whose private part is ours, sealed.
type OwnKey struct {
	Key
	PrivateKey realname.Sealed `json:"privateKey"`
}

// Live reports whether the key counts at the instant.
func (k Key) Live(at time.Time) bool { return !at.Before(k.NotBefore) && at.Before(k.NotAfter) }

// Public returns the parsed key.
// Errors: what is wrong with the PEM, or that the key does not suit its algorithm.
func (k Key) Public() (crypto.PublicKey, error) {
	block, rest := pem.Decode([]byte(k.PublicKey))
	if block == nil || block.Type != "PUBLIC KEY" || strings.TrimSpace(string(rest)) != "" {
		return nil, errors.New("not one PEM block of type PUBLIC KEY")
	}
	public, err := smx509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, errors.New("not a public key that can be read")
	}
	return public, k.Algorithm.suits(public)
}

// PublicPEM is a public key as PublicKey holds it.
func PublicPEM(public crypto.PublicKey) (string, error) {
	der, err := smx509.MarshalPKIXPublicKey(public)
	if err != nil {
		return "", fmt.Errorf("encode the public key: %w", err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})), nil
}

// PrivatePEM is a private key as OpenSSL reads it (PKCS #8).
func PrivatePEM(private crypto.Signer) (string, error) {
	der, err := smx509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return "", fmt.Errorf("encode the private key: %w", err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), nil
}

// ParsePrivate reads a private key (PKCS #8 in PEM) for the algorithm. Its error
// tells nothing of the key.
func ParsePrivate(text string, a Algorithm) (crypto.Signer, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil || block.Type != "PRIVATE KEY" {
		return nil, errors.New("not a PEM block of type PRIVATE KEY (PKCS #8, unencrypted)")
	}
	parsed, err := smx509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errors.New("not a private key that can be read")
	}
	private, ok := parsed.(crypto.Signer)
	if !ok {
		return nil, errors.New("not a private key that signs")
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

// validKeys checks one owner's keys: each readable and with a time of its own,
// no serial twice, never more than two live at once.
func validKeys(field string, keys []Key) error {
	var failures []error
	fail := func(k Key, err error) { failures = append(failures, fmt.Errorf("%s: %q: %w", field, k.Serial, err)) }
	seen := map[string]bool{}
	for _, k := range keys {
		if !serialValid(k.Serial) {
			fail(k, errors.New("a serial is 1 to 64 letters, digits, '.', '_' and '-'"))
		}
		if seen[k.Serial] {
			fail(k, errors.New("this serial stands twice"))
		}
		seen[k.Serial] = true
		if _, err := k.Public(); err != nil {
			fail(k, err)
		}
		if !k.NotBefore.Before(k.NotAfter) {
			fail(k, errors.New("notBefore must lie before notAfter"))
		}
		if n := liveAt(keys, k.NotBefore); n > maxLive && k.Live(k.NotBefore) {
			fail(k, fmt.Errorf("%d keys would be live at once from %s; two are allowed: retire one first", n, k.NotBefore.UTC().Format(time.RFC3339)))
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
