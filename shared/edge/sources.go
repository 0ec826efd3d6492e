package edge

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"realname/shared/allowance"
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

	lots allowance.Lots
}

// Take spends one request of the address on the route, which allows it times its
// requests per minute. wait is 0 if the request may proceed, otherwise the time until
// the next minute.
func (s *Sources) Take(ctx context.Context, route, address string, times int) (wait time.Duration, err error) {
	source := route + " " + Network(address)
	if wait, err = s.lots.Spend(ctx, source, s.Now(), s.PerMinute*times, s.more); err != nil {
		return 0, fmt.Errorf("requests of an address: %w", err)
	}
	return wait, nil
}

// more takes a lot of the source.
func (s *Sources) more(ctx context.Context, source string, minute time.Time, n, most int) (int, error) {
	if s.Allowance == nil {
		return most, nil
	}
	hidden, err := s.Hide(ctx, source)
	if err != nil {
		return 0, err
	}
	return s.Allowance.TakeSource(ctx, hidden, minute, n, most)
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
