package gateway

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// cacheFor is how long the gateway caches the authorizer's answer for a token.
const cacheFor = 60 * time.Second

// cacheSize bounds the cache. A full cache is cleared.
const cacheSize = 10_000

type authCache struct {
	mu      sync.Mutex
	answers map[string]cachedAnswer
}

type cachedAnswer struct {
	identity map[string]any
	until    time.Time
}

// authorize asks the authorizer for the account or client of the token. Like API
// Gateway, it answers 401 to a request without a token, and 403 if the
// authorizer refuses.
func (g *Gateway) authorize(ctx context.Context, e Request) (identity map[string]any, status int) {
	token := e.Headers["authorization"]
	if token == "" {
		return nil, http.StatusUnauthorized
	}
	now := g.cfg.Now()
	if identity, ok := g.cache.get(token, now); ok {
		return identity, 0
	}
	answer, err := g.cfg.Authorize(ctx, Question{
		Version: "2.0", Type: "REQUEST", IdentitySource: []string{token}, RouteKey: e.RouteKey, RawPath: e.RawPath,
		Headers: e.Headers, RequestContext: e.RequestContext,
	})
	if err != nil {
		g.logFailure(ctx, "authorizer", e, err)
		return nil, http.StatusInternalServerError
	}
	if !answer.IsAuthorized {
		return nil, http.StatusForbidden
	}
	g.cache.put(token, answer.Context, now.Add(cacheFor))
	return answer.Context, 0
}

func (c *authCache) get(token string, now time.Time) (map[string]any, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	a, ok := c.answers[token]
	return a.identity, ok && now.Before(a.until)
}

func (c *authCache) put(token string, identity map[string]any, until time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.answers == nil || len(c.answers) >= cacheSize {
		c.answers = map[string]cachedAnswer{}
	}
	c.answers[token] = cachedAnswer{identity, until}
}
