package gateway

import (
	"sync"

	"golang.org/x/time/rate"

	"realname/shared/edge"
)

// shareOfOne is the part of the throttle that one address may use.
const shareOfOne = 4

// mostSources bounds the addresses that are remembered. A full memory is cleared.
const mostSources = 10_000

// sources throttles each address by itself.
type sources struct {
	mu sync.Mutex
	of map[string]*rate.Limiter
}

// allow reports whether the address may send another request.
func (s *sources) allow(remote string, c Config) bool {
	host := edge.Network(remote)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of == nil || len(s.of) >= mostSources {
		s.of = map[string]*rate.Limiter{}
	}
	if s.of[host] == nil {
		s.of[host] = rate.NewLimiter(rate.Limit(c.Rate/shareOfOne), max(1, c.Burst/shareOfOne))
	}
	return s.of[host].AllowN(c.Now(), 1)
}
