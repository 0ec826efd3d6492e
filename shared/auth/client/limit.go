package client

import (
	"context"
	"fmt"
	"time"

	"realname/shared/allowance"
)

// Allowance counts each client's remaining requests of a minute. All processes
// share it.
type Allowance interface {
	// TakeAllowance takes up to n of the client's requests in the minute that
	// begins at that instant, and returns how many it got.
	TakeAllowance(ctx context.Context, clientID string, minute time.Time, n, most int) (int, error)
}

// Limiter holds clients to their requests per minute. A process takes small lots
// from the shared allowance and spends them locally.
type Limiter struct {
	Allowance Allowance
	Now       func() time.Time

	lots allowance.Lots
}

// Take spends one request of the client. wait is 0 if the request may proceed,
// otherwise the time until the next minute.
func (l *Limiter) Take(ctx context.Context, clientID string, perMinute int) (wait time.Duration, err error) {
	wait, err = l.lots.Spend(ctx, clientID, l.Now(), perMinute, l.Allowance.TakeAllowance)
	if err != nil {
		return 0, fmt.Errorf("rate limit: %w", err)
	}
	return wait, nil
}
