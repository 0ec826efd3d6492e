package bank

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"github.com/emmansun/gmsm/sm2"
)

// Algorithm is a signature scheme, as RN-Signature-Type names it.
type Algorithm string

// The two schemes of the protocol.
const (
	// RSASHA256 is RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017, 8.2), at least 2048 bits.
	RSASHA256 Algorithm = "RSA-SHA256"
	// SM2SM3 is SM2 (GB/T 32918.2-2016) with SM3 over the user ID
	// 1234567812345678 (GM/T 0009-2012, 10); the signature is DER of (r, s).
	SM2SM3 Algorithm = "SM2-SM3"
)

// minRSABits is the smallest accepted modulus.
const minRSABits = 2048

// SM2UserID is the user ID in every SM2 signature.
const SM2UserID = "1234567812345678"

// ParseAlgorithm returns the algorithm with that name; ok is false for any other.
func ParseAlgorithm(name string) (a Algorithm, ok bool) {
	a = Algorithm(name)
	return a, a == RSASHA256 || a == SM2SM3
}

var errUnsuitable = errors.New("the key does not suit its algorithm")

// suits checks that the algorithm can use the public key.
func (a Algorithm) suits(public crypto.PublicKey) error {
	switch key := public.(type) {
	case *rsa.PublicKey:
		if a != RSASHA256 {
			return errUnsuitable
		}
		if key.N.BitLen() < minRSABits {
			return fmt.Errorf("the RSA key has %d bits: want at least %d", key.N.BitLen(), minRSABits)
		}
		return nil
	case *ecdsa.PublicKey:
		if a == SM2SM3 && sm2.IsSM2PublicKey(key) {
			return nil
		}
	}
	return errUnsuitable
}

// Verify reports whether the key's owner signed the message. The form of a
// signature is strict: an RSA signature is as long as the modulus, and an SM2
// signature is DER without trailing bytes.
func (a Algorithm) Verify(public crypto.PublicKey, message, signature []byte) bool {
	switch key := public.(type) {
	case *rsa.PublicKey:
		sum := sha256.Sum256(message)
		return a == RSASHA256 && rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], signature) == nil
	case *ecdsa.PublicKey:
		return a == SM2SM3 && sm2.VerifyASN1WithSM2(key, []byte(SM2UserID), message, signature)
	}
	return false
}

// Sign signs the message.
func (a Algorithm) Sign(random io.Reader, private crypto.Signer, message []byte) ([]byte, error) {
	if err := a.suits(private.Public()); err != nil {
		return nil, err
	}
	if a == RSASHA256 {
		sum := sha256.Sum256(message)
		return private.Sign(random, sum[:], crypto.SHA256)
	}
	return private.Sign(random, message, sm2.NewSM2SignerOption(true, []byte(SM2UserID)))
}

// GenerateKey generates a private key for the algorithm. bits applies to RSA only
// and is raised to the minimum.
func (a Algorithm) GenerateKey(bits int) (crypto.Signer, error) {
	switch a {
	case RSASHA256:
		return rsa.GenerateKey(rand.Reader, max(bits, minRSABits))
	case SM2SM3:
		return sm2.GenerateKey(rand.Reader)
	}
	return nil, fmt.Errorf("algorithm %q: want %s or %s", a, RSASHA256, SM2SM3)
}
