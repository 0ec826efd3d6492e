package listener

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
)

// MayListen returns an error if a service without TLS and without trusted proxies
// would listen for other machines: passwords would cross the network in the clear.
func MayListen(addr string, encrypted bool, proxies Trusted) error {
	at, err := net.ResolveTCPAddr("tcp", addr)
	if err != nil {
		return fmt.Errorf("--addr %s: %w", addr, err)
	}
	if encrypted || len(proxies) > 0 || at.IP.IsLoopback() {
		return nil
	}
	return fmt.Errorf("--addr %s: other machines can reach this address: set --tls-cert and --tls-key, or name the "+
		"proxy that ends TLS with --trusted-proxy, or listen on 127.0.0.1", addr)
}

// Only refuses requests that do not come from a trusted proxy or from this machine.
// Without TLS, no other machine may reach the service directly.
func (t Trusted) Only(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		peer, err := netip.ParseAddrPort(r.RemoteAddr)
		if err != nil || !peer.Addr().Unmap().IsLoopback() && !t.contains(peer.Addr()) {
			http.Error(w, "use the proxy", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}
