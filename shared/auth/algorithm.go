package auth

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"errors"

	"github.com/golang-jwt/jwt/v5"
)

// Algorithm is a signature algorithm of tokens (RFC 7518, 3.1).
type Algorithm string

// The algorithms. A stage signs with RSA in KMS, a single machine with P-256 in memory
// (docs/decisions/0064-a-stage-signs-tokens-with-rsa.md).
const (
	ES256 Algorithm = "ES256" // ECDSA on P-256
	RS256 Algorithm = "RS256" // RSASSA-PKCS1-v1_5
)

// minRSABits is the least size of an RSA key (RFC 7518, 3.3).
const minRSABits = 2048

// AlgorithmOf returns the algorithm of a public key. A key has only one, so that no
// header of a token can choose how the key is used.
func AlgorithmOf(key crypto.PublicKey) (Algorithm, error) {
	switch k := key.(type) {
	case *ecdsa.PublicKey:
		if k.Curve == elliptic.P256() {
			return ES256, nil
		}
	case *rsa.PublicKey:
		if k.N.BitLen() >= minRSABits {
			return RS256, nil
		}
	}
	return "", errors.New("token key: want a key on P-256, or RSA with at least 2048 bits")
}

func (a Algorithm) method() jwt.SigningMethod {
	if a == RS256 {
		return jwt.SigningMethodRS256
	}
	return jwt.SigningMethodES256
}
