package auth

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"sort"
)

// jwk is an elliptic-curve key (RFC 7518, 6.2.1).
type jwk struct {
	Curve string `json:"crv"`
	Type  string `json:"kty"`
	X     string `json:"x"`
	Y     string `json:"y"`
}

type publishedKey struct {
	jwk
	ID        string `json:"kid"`
	Algorithm string `json:"alg"`
	Use       string `json:"use"`
}

// JWKS returns the keys as a JWK Set (RFC 7517), ordered by key ID.
func JWKS(keys map[string]*ecdsa.PublicKey) ([]byte, error) {
	set := struct {
		Keys []publishedKey `json:"keys"`
	}{Keys: []publishedKey{}}
	for id, key := range keys {
		j, err := newJWK(key)
		if err != nil {
			return nil, err
		}
		set.Keys = append(set.Keys, publishedKey{j, id, "ES256", "sig"})
	}
	sort.Slice(set.Keys, func(i, j int) bool { return set.Keys[i].ID < set.Keys[j].ID })
	return json.Marshal(set)
}

// Thumbprint returns a key's ID: its SHA-256 thumbprint (RFC 7638, 3).
func Thumbprint(key *ecdsa.PublicKey) (string, error) {
	j, err := newJWK(key)
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

func newJWK(key *ecdsa.PublicKey) (jwk, error) {
	point, err := key.Bytes() // 4 || X || Y
	if err != nil || len(point) != 65 {
		return jwk{}, fmt.Errorf("public key is not on P-256: %w", err)
	}
	enc := base64.RawURLEncoding
	x, y := enc.EncodeToString(point[1:33]), enc.EncodeToString(point[33:])
	return jwk{Curve: "P-256", Type: "EC", X: x, Y: y}, nil
}
