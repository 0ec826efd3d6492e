package auth

import (
	"crypto/rand"
	"fmt"
	"io"
	"math/big"
)

// NewCode returns a code of six digits; every code is equally likely.
func NewCode(r io.Reader) (string, error) {
	n, err := rand.Int(r, big.NewInt(1_000_000))
	if err != nil {
		return "", fmt.Errorf("generate a code: %w", err)
	}
	return fmt.Sprintf("%06d", n), nil
}
