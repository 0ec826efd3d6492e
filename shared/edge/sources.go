package edge

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"time"
)

// Allowance counts the requests of a minute for all processes.
type Allowance interface {
	// TakeSource takes up to n requests of the source in the minute that begins at that
	// instant, and returns how many it got.
	TakeSource(ctx context.Context, source string, minute time.Time, n, most int) (int, error)
}

// Sources holds each address to its requests per minute and route, so that one client
// cannot use up what all share. A process takes small lots from the shared allowance and
// spends them locally.
type Sources struct {
	// Allowance is shared by all processes. If it is nil, this process counts alone.
	Allowance Allowance
	// Hide returns a name for a source in the shared allowance that does not reveal the
	// address.
	Hide      func(ctx context.Context, source string) (string, error)
	PerMinute int
	Now       func() time.Time

	mu     sync.Mutex
	minute time.Time
	lots   map[string]lot
}

// lot is what is left of the requests that the process took for a source.
type lot struct {
	left int
	over bool // the source has no more in this minute
}

const (
	// lotsPerMinute divides the limit: a lot is a twentieth of it.
	lotsPerMinute = 20
	// mostLots limits the memory of a process.
	mostLots = 10_000
)

// Take spends one request of the address on the route, which allows it times its
// requests per minute. wait is 0 if the request may proceed, otherwise the time until
// the next minute.
func (s *Sources) Take(ctx context.Context, route, address string, times int) (wait time.Duration, err error) {
	source, most := route+" "+Network(address), s.PerMinute*times
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.Now()
	if minute := now.Truncate(time.Minute); !minute.Equal(s.minute) || len(s.lots) >= mostLots {
		s.minute, s.lots = minute, map[string]lot{}
	}
	have := s.lots[source]
	if have.left == 0 && !have.over {
		if have.left, err = s.more(ctx, source, most); err != nil {
			return 0, fmt.Errorf("requests of an address: %w", err)
		}
		have.over = have.left == 0 || s.Allowance == nil
	}
	if have.left == 0 {
		s.lots[source] = have
		return s.minute.Add(time.Minute).Sub(now), nil
	}
	have.left--
	s.lots[source] = have
	return 0, nil
}

// more takes a lot of the source.
func (s *Sources) more(ctx context.Context, source string, most int) (int, error) {
	if s.Allowance == nil {
		return most, nil
	}
	hidden, err := s.Hide(ctx, source)
	if err != nil {
		return 0, err
	}
	return s.Allowance.TakeSource(ctx, hidden, s.minute, max(1, most/lotsPerMinute), most)
}

// Network returns what counts as one source: an IPv4 address, or the /64 of an IPv6
// address, in which one host chooses its addresses (RFC 8981).
func Network(address string) string {
	a, err := netip.ParseAddr(address)
	if at, withPort := netip.ParseAddrPort(address); withPort == nil {
		a, err = at.Addr(), nil
	}
	if err != nil {
		return address
	}
	if a = a.Unmap().WithZone(""); a.Is4() {
		return a.String()
	}
	p, err := a.Prefix(64)
	if err != nil {
		return a.String()
	}
	return p.String()
}

// Hide implements Sources.Hide. Whoever reads the table cannot try addresses without the
// origin secret. After a rotation the names are others, so a source may begin its minute
// again.
func (g *Gate) Hide(ctx context.Context, source string) (string, error) {
	values, err := g.values.Get(ctx, false)
	if err != nil {
		return "", err
	}
	key := sha256.Sum256([]byte("sources\n" + strings.Join(values, "\n")))
	mac := hmac.New(sha256.New, key[:])
	mac.Write([]byte(source))
	return hex.EncodeToString(mac.Sum(nil)), nil
}
