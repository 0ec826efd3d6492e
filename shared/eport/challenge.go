package eport

import (
	"encoding/base64"
	"fmt"
	"io"
)

// challengeBytes is 256 bits, too many to guess or to repeat by chance.
const challengeBytes = 32

// NewChallenge generates a challenge: 256 bits in base64url (RFC 4648, 5) without
// padding, 43 characters. The card signs the text itself: the page passes it to
// the client control as inData, and its ASCII bytes are the signed message.
func NewChallenge(random io.Reader) (string, error) {
	var b [challengeBytes]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", fmt.Errorf("generate a challenge: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(b[:]), nil
}
