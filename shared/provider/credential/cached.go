// Package credential caches credentials that a store such as Secrets Manager keeps.
package credential

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// Source returns credentials.
type Source[C any] interface {
	// Get returns the credentials. fresh bypasses caches. Errors hold nothing of the
	// credentials.
	Get(ctx context.Context, fresh bool) (C, error)
}

// Cached caches the credentials of a store.
type Cached[C any] struct {
	Load  func(ctx context.Context) ([]byte, error) // returns the secret's JSON
	Parse func(secret []byte) (C, error)
	TTL   time.Duration
	// Pause is the least time between two fresh loads, and after a failed one, so that
	// neither wrong credentials nor a failing store cause a load for each request.
	Pause time.Duration
	Now   func() time.Time
	Log   *slog.Logger

	mu     sync.Mutex
	kept   C
	loaded time.Time
	failed time.Time // the last load, zero if it succeeded
}

// Get implements Source. If the store fails, Get returns the cached credentials, and
// logs the failure.
func (c *Cached[C]) Get(ctx context.Context, fresh bool) (C, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.loaded.IsZero() && !c.due(fresh) {
		return c.kept, nil
	}
	secret, err := c.Load(ctx)
	if err == nil {
		var k C
		if k, err = c.Parse(secret); err == nil {
			c.kept, c.loaded, c.failed = k, c.Now(), time.Time{}
			return k, nil
		}
	}
	if !c.loaded.IsZero() {
		c.failed = c.Now()
		c.Log.LogAttrs(ctx, slog.LevelWarn, "credentials not read again: the former ones stay in use",
			slog.String("error", err.Error()))
		return c.kept, nil
	}
	var none C
	return none, fmt.Errorf("read the credentials: %w", err)
}

// due reports whether the cached credentials must be read again.
func (c *Cached[C]) due(fresh bool) bool {
	now := c.Now()
	if !c.failed.IsZero() && now.Sub(c.failed) < c.Pause {
		return false
	}
	age := now.Sub(c.loaded)
	return age >= c.TTL || fresh && age >= c.Pause
}

// Fixed returns a source of unchanging credentials.
func Fixed[C any](c C) Source[C] { return fixed[C]{c} }

type fixed[C any] struct{ credentials C }

// Get implements Source.
func (f fixed[C]) Get(context.Context, bool) (C, error) { return f.credentials, nil }
