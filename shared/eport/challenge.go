package eport

import (
	"encoding/base64"
	"fmt"
	"io"
)

// challengeBytes are 256 bits, beyond guessing and beyond chance repetition.
const challengeBytes = 32

// NewChallenge draws a challenge: 256 bits in base64url (RFC 4648, 5) without
// padding, 43 characters. The text itself is what the card signs: it goes to the
// client control as inData, and its ASCII bytes are the signed message.
func NewChallenge(random io.Reader) (string, error) {
	var b [challengeBytes]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", fmt.Errorf("draw a challenge: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(b[:]), nil
}
