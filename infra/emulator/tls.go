package main

import (
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"time"
)

// secured runs a TLS proxy in front of the emulator, because the policies of
// buckets and queues refuse plain http. The emulator's own TLS sometimes loses an
// answer over HTTP/1.1, so that it refuses the client's repeated write, and delays
// every request over HTTP/2.
func (w *workshop) secured(emulator string) (server, error) {
	target, err := url.Parse(emulator)
	if err != nil {
		return server{}, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return server{}, err
	}
	onlyHTTP1 := new(http.Protocols)
	onlyHTTP1.SetHTTP1(true)
	s := &http.Server{
		ReadHeaderTimeout: 10 * time.Second, Protocols: onlyHTTP1,
		Handler: &httputil.ReverseProxy{
			// Close idle connections before the emulator does, after five seconds.
			Transport: &http.Transport{MaxIdleConnsPerHost: 100, IdleConnTimeout: 2 * time.Second},
			Rewrite: func(r *httputil.ProxyRequest) {
				r.SetURL(target)
				r.Out.Host = r.In.Host                 // it is signed and names the API
				r.Out.URL.RawQuery = r.In.URL.RawQuery // as signed
				r.Out.Header.Set("X-Forwarded-Proto", "https")
			},
			// Report errors to the caller, not on the terminal, which is for the suites.
			ErrorHandler: func(out http.ResponseWriter, _ *http.Request, err error) {
				http.Error(out, err.Error(), http.StatusBadGateway)
			},
		},
	}
	go func() { _ = s.ServeTLS(listener, w.cert, w.key) }() // it ends when it is closed
	return server{"https://" + listener.Addr().String(), func() { _ = s.Close() }}, nil
}
