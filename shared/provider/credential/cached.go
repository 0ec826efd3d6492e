// Package credential caches the credentials of a provider that a store such as Secrets
// Manager keeps.
package credential

import (
	"context"
	"fmt"
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
	// Pause is the least time between two fresh loads, so that wrong credentials do
	// not cause a load for each request.
	Pause time.Duration
	Now   func() time.Time

	mu     sync.Mutex
	kept   C
	loaded time.Time
}

// Get implements Source. If the store fails, Get returns the cached credentials.
func (c *Cached[C]) Get(ctx context.Context, fresh bool) (C, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	age := c.Now().Sub(c.loaded)
	if !c.loaded.IsZero() && age < c.TTL && (!fresh || age < c.Pause) {
		return c.kept, nil
	}
	secret, err := c.Load(ctx)
	if err == nil {
		var k C
		if k, err = c.Parse(secret); err == nil {
			c.kept, c.loaded = k, c.Now()
			return k, nil
		}
	}
	if !c.loaded.IsZero() {
		return c.kept, nil
	}
	var none C
	return none, fmt.Errorf("read the credentials: %w", err)
}
