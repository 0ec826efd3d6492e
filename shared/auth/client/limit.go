package client

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Allowance counts each client's remaining requests of a minute. All processes
// share it.
type Allowance interface {
	// TakeAllowance takes up to n of the client's requests in the minute that
	// begins at that instant, and returns how many it got.
	TakeAllowance(ctx context.Context, clientID string, minute time.Time, n, most int) (int, error)
}

// Limiter holds clients to their requests per minute. A process takes small lots
// from the shared allowance and spends them locally, so most requests cost no
// call to the table, and all processes together still keep the limit. The rest
// of a lot is forfeited when its minute ends.
type Limiter struct {
	Allowance Allowance
	Now       func() time.Time

	mu   sync.Mutex
	lots map[string]lot
}

type lot struct {
	minute time.Time
	left   int
}

// lotsPerMinute divides the limit: a lot is a twentieth of it.
const lotsPerMinute = 20

// Take spends one request of the client. wait is 0 if the request may proceed,
// otherwise the time until the next minute.
func (l *Limiter) Take(ctx context.Context, clientID string, perMinute int) (wait time.Duration, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.Now()
	minute := now.Truncate(time.Minute)
	have := l.lots[clientID]
	if !have.minute.Equal(minute) {
		have = lot{minute: minute}
	}
	if have.left == 0 {
		size := max(1, perMinute/lotsPerMinute)
		if have.left, err = l.Allowance.TakeAllowance(ctx, clientID, minute, size, perMinute); err != nil {
			return 0, fmt.Errorf("rate limit: %w", err)
		}
	}
	if have.left == 0 {
		return minute.Add(time.Minute).Sub(now), nil
	}
	have.left--
	if l.lots == nil {
		l.lots = map[string]lot{}
	}
	l.lots[clientID] = have
	return 0, nil
}
