// Package allowance spends requests per minute that all processes count together.
package allowance

import (
	"context"
	"sync"
	"time"
)

// Take takes up to n requests of a key in the minute that begins at that instant, and
// returns how many it got. All its callers together get the given most.
type Take func(ctx context.Context, key string, minute time.Time, n, most int) (int, error)

// Lots are the requests that a process has taken and not yet spent. Small lots keep the
// limit exact, and most requests cost no call. The rest of a lot is forfeited when its
// minute ends. The zero value is ready for use.
type Lots struct {
	mu     sync.Mutex
	minute time.Time
	of     map[string]lot // by key
}

type lot struct {
	left int
	over bool // the key has no more in this minute
}

const (
	// lotsPerMinute divides the limit: a lot is a twentieth of it.
	lotsPerMinute = 20
	// mostLots limits the memory of a process.
	mostLots = 10_000
)

// Spend spends one request of the key, which has the given most in a minute. wait is 0
// if the request may proceed, otherwise the time until the next minute.
func (l *Lots) Spend(
	ctx context.Context, key string, now time.Time, most int, take Take,
) (wait time.Duration, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if minute := now.Truncate(time.Minute); !minute.Equal(l.minute) || len(l.of) >= mostLots {
		l.minute, l.of = minute, map[string]lot{}
	}
	have := l.of[key]
	if have.left == 0 && !have.over {
		n := max(1, most/lotsPerMinute)
		if have.left, err = take(ctx, key, l.minute, n, most); err != nil {
			return 0, err
		}
		have.over = have.left == 0 || have.left >= most
	}
	if have.left == 0 {
		l.of[key] = have
		return l.minute.Add(time.Minute).Sub(now), nil
	}
	have.left--
	l.of[key] = have
	return 0, nil
}
