package wiring

import (
	"github.com/google/uuid"
)

// NewID returns an ID that sorts by time and cannot be guessed (UUIDv7, RFC 9562, 5.7).
func NewID() string { return uuid.Must(uuid.NewV7()).String() }
