package wiring

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// NewID returns an identifier that sorts by time and cannot be guessed (UUIDv7,
// RFC 9562, 5.7).
func NewID() string { return uuid.Must(uuid.NewV7()).String() }

// Wait returns after d, or earlier with the context's error.
func Wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
