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
		return "", fmt.Errorf("generate a secret: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(raw), nil
}

// SecretHash returns the stored form of a secret of at least 80 random bits. It
// needs neither a key nor a slow hash, since that many secrets cannot be guessed.
func SecretHash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
