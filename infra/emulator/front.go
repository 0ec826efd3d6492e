package main

import (
	"crypto/rand"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"time"

	"realname/local/sandbox/bank"
	"realname/shared/clock"
	"realname/shared/edge"
	"realname/shared/wiring"
)

// api returns a proxy to the API's own address.
func (w *workshop) api() (*httputil.ReverseProxy, error) {
	gateway, err := url.Parse(w.endpoint)
	if err != nil {
		return nil, err
	}
	return &httputil.ReverseProxy{
		Transport: w.transport(),
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(gateway)
			r.Out.Host = w.outputs.Core.APIID + ".execute-api.localhost:" + w.port // known once it is deployed
		},
	}, nil
}

// sideDoor is the API's own address, past CloudFront.
func (w *workshop) sideDoor() (server, error) {
	api, err := w.api()
	if err != nil {
		return server{}, err
	}
	return serve(api)
}

// front is one origin for the browser: the deployed API, which serves the pages too,
// and the sandboxes, whose controls have the same addresses as in the embedded default. It
// sends the secret header as CloudFront does, and records the operations that the API
// serves.
func (w *workshop) front(p people, sim server, served *coverage) (server, error) {
	controls, err := url.Parse(sim.url)
	if err != nil {
		return server{}, err
	}
	api, err := w.api()
	if err != nil {
		return server{}, err
	}
	api.ModifyResponse = served.note
	asCloudFront := api.Rewrite
	api.Rewrite = func(r *httputil.ProxyRequest) {
		asCloudFront(r)
		r.Out.Header.Set(edge.Header, w.origin) // known once it is deployed
		r.SetXForwarded()
	}
	banks, err := bank.New(w.ctx, bank.Config{
		Client: &http.Client{Timeout: 30 * time.Second}, Now: time.Now, NewID: wiring.NewID, Nonce: rand.Text,
		Wait: clock.Wait, Slow: 8 * time.Second,
	})
	if err != nil {
		return server{}, err
	}
	mux := http.NewServeMux()
	mux.Handle(bank.Path, banks)
	mux.Handle("GET /sandbox/email", w.mailbox())
	mux.HandleFunc("POST "+platformRoute, p.platform.Receive)
	mux.HandleFunc("GET "+platformRoute, p.platform.Show)
	p.cards.Register(mux)
	mux.Handle("/", api)
	mux.Handle("/sandbox/", httputil.NewSingleHostReverseProxy(controls))
	front, err := serve(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/v1/") { // not by the mux, which redirects paths that are not clean
			api.ServeHTTP(out, r)
			return
		}
		mux.ServeHTTP(out, r)
	}))
	p.cards.PublishedAt(front.url)
	return front, err
}
