package main

import (
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"time"
)

// secured puts TLS before the emulator at the address, since bucket and queue
// policies refuse plain http. The emulator's own loses an answer now and then over
// HTTP/1.1, after which the SDK's repeat of a write is refused, and makes each
// request wait over HTTP/2.
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
			// Connections end well before the emulator closes them, at five seconds.
			Transport: &http.Transport{MaxIdleConnsPerHost: 100, IdleConnTimeout: 2 * time.Second},
			Rewrite: func(r *httputil.ProxyRequest) {
				r.SetURL(target)
				r.Out.Host = r.In.Host                 // which is signed, and names the API
				r.Out.URL.RawQuery = r.In.URL.RawQuery // as it was signed
				r.Out.Header.Set("X-Forwarded-Proto", "https")
			},
			// Who called is told, if still there; the terminal is for the suites.
			ErrorHandler: func(out http.ResponseWriter, _ *http.Request, err error) {
				http.Error(out, err.Error(), http.StatusBadGateway)
			},
		},
	}
	go func() { _ = s.ServeTLS(listener, w.cert, w.key) }() // it ends when it is closed
	return server{"https://" + listener.Addr().String(), func() { _ = s.Close() }}, nil
}
