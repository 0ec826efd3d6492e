package eport

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"

	"github.com/emmansun/gmsm/sm2"
)

// sign signs as the card does: SM2 with SM3 and the default user ID, RSA PKCS #1
// v1.5 with SHA-256, or with SHA-1 on older cards.
func (c *chip) sign(message []byte) ([]byte, error) {
	key, ok := c.key.(*rsa.PrivateKey)
	if !ok {
		return c.key.Sign(rand.Reader, message, sm2.DefaultSM2SignerOpts)
	}
	if c.kind == OldRSA {
		sum := sha1.Sum(message)
		return rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA1, sum[:])
	}
	sum := sha256.Sum256(message)
	return rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
}
