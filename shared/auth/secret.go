package auth

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
)

// NewSecret returns 160 random bits as URL-safe text, for a link.
func NewSecret(r io.Reader) (string, error) {
	raw := make([]byte, 20)
	if _, err := io.ReadFull(r, raw); err != nil {
		return "", fmt.Errorf("draw a secret: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(raw), nil
}

// SecretHash is how a secret of 80 random bits or more is kept. It needs no key
// and no cost, since nobody can try that many.
func SecretHash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
