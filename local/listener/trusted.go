// Package listener is the edge of a service in one process: TLS, and the proxies that
// it believes.
package listener

import (
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Trusted lists the proxies that may name the client of a request.
type Trusted []netip.Prefix

// ParseTrusted reads addresses and networks, such as 10.0.0.7 and 10.0.0.0/8.
func ParseTrusted(texts []string) (Trusted, error) {
	var t Trusted
	for _, text := range texts {
		p, err := netip.ParsePrefix(text)
		if err == nil && p.Addr().Is4In6() {
			p, err = p.Addr().Unmap().Prefix(p.Bits() - mappedBits) // an IPv4 network as an IPv6 one
		}
		if a, single := netip.ParseAddr(text); single == nil {
			p, err = netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen()), nil
		}
		if err != nil {
			return nil, fmt.Errorf("%q: want an address or a network such as 10.0.0.0/8", text)
		}
		t = append(t, p.Masked())
	}
	return t, nil
}

// mappedBits is the length of ::ffff:0:0/96, which holds the IPv4 addresses.
const mappedBits = 96

func (t Trusted) contains(a netip.Addr) bool {
	a = a.Unmap().WithZone("") // the zone is the interface of this machine
	return slices.ContainsFunc(t, func(p netip.Prefix) bool { return p.Contains(a) })
}

// forwarding are the headers in which a proxy describes its client.
var forwarding = []string{
	"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Proto", "X-Real-Ip",
}

// Handler gives each request the address of its client. From a trusted proxy, that is
// the last address in X-Forwarded-For that is not itself a trusted proxy. The client
// can write the addresses before it. All forwarding headers are removed, so that
// nothing after this handler believes them.
func (t Trusted) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		peer, err := netip.ParseAddrPort(r.RemoteAddr)
		if err == nil && t.contains(peer.Addr()) {
			r.RemoteAddr = netip.AddrPortFrom(t.client(peer.Addr(), r.Header["X-Forwarded-For"]), peer.Port()).String()
		}
		for _, name := range forwarding {
			r.Header.Del(name)
		}
		next.ServeHTTP(w, r)
	})
}

func (t Trusted) client(peer netip.Addr, lines []string) netip.Addr {
	at := peer
	hops := strings.Split(strings.Join(lines, ","), ",")
	for _, hop := range slices.Backward(hops) {
		a, ok := address(strings.TrimSpace(hop))
		if !ok {
			return at // what comes before cannot be attributed
		}
		if at = a.Unmap(); !t.contains(at) {
			return at
		}
	}
	return at
}

// address reads a hop of X-Forwarded-For. Some proxies add the client's port.
func address(hop string) (netip.Addr, bool) {
	if a, err := netip.ParseAddr(hop); err == nil {
		return a, true
	}
	if p, err := netip.ParseAddrPort(hop); err == nil {
		return p.Addr(), true
	}
	a, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(hop, "["), "]"))
	return a, err == nil
}
