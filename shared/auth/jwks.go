package auth

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"sort"
)

// jwk is an elliptic-curve or RSA key (RFC 7518, 6.2.1 and 6.3.1). The members are in
// the order that a thumbprint needs.
type jwk struct {
	Curve    string `json:"crv,omitempty"`
	Exponent string `json:"e,omitempty"`
	Type     string `json:"kty"`
	Modulus  string `json:"n,omitempty"`
	X        string `json:"x,omitempty"`
	Y        string `json:"y,omitempty"`
}

type publishedKey struct {
	jwk
	ID        string    `json:"kid"`
	Algorithm Algorithm `json:"alg"`
	Use       string    `json:"use"`
}

// JWKS returns the keys as a JWK Set (RFC 7517), ordered by key ID.
func JWKS(keys map[string]crypto.PublicKey) ([]byte, error) {
	set := struct {
		Keys []publishedKey `json:"keys"`
	}{Keys: []publishedKey{}}
	for id, key := range keys {
		j, algorithm, err := newJWK(key)
		if err != nil {
			return nil, err
		}
		set.Keys = append(set.Keys, publishedKey{j, id, algorithm, "sig"})
	}
	sort.Slice(set.Keys, func(i, j int) bool { return set.Keys[i].ID < set.Keys[j].ID })
	return json.Marshal(set)
}

// Thumbprint returns a key's ID: its SHA-256 thumbprint (RFC 7638, 3).
func Thumbprint(key crypto.PublicKey) (string, error) {
	j, _, err := newJWK(key)
	if err != nil {
		return "", err
	}
	raw, err := json.Marshal(j) // the members of the RFC, in its order
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(raw)
	return base64.RawURLEncoding.EncodeToString(sum[:]), nil
}

func newJWK(key crypto.PublicKey) (jwk, Algorithm, error) {
	algorithm, err := AlgorithmOf(key)
	if err != nil {
		return jwk{}, "", err
	}
	enc := base64.RawURLEncoding
	if k, ok := key.(*rsa.PublicKey); ok {
		e := big.NewInt(int64(k.E)).Bytes()
		return jwk{Exponent: enc.EncodeToString(e), Type: "RSA", Modulus: enc.EncodeToString(k.N.Bytes())}, algorithm, nil
	}
	point, err := key.(*ecdsa.PublicKey).Bytes() // 4 || X || Y
	if err != nil {
		return jwk{}, "", fmt.Errorf("token key: %w", err)
	}
	x, y := enc.EncodeToString(point[1:33]), enc.EncodeToString(point[33:])
	return jwk{Curve: "P-256", Type: "EC", X: x, Y: y}, algorithm, nil
}
