// Package exchange sends one request to a provider over HTTP and classifies what went
// wrong below the provider's own protocol.
package exchange

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"realname/shared/provider"
	"realname/shared/telemetry/trace"
)

// maxAnswer is the largest answer, in bytes; the documented ones are below 2 KB.
const maxAnswer = 64 << 10

// Client sends requests to one provider.
type Client struct {
	provider  string
	transport func() http.RoundTripper
}

// New returns a client; the first use makes a connection. operation names a request in
// traces. It must not hold anything of the query.
func New(providerName string, tracer *trace.Tracer, operation func(*http.Request) string) *Client {
	return &Client{providerName, sync.OnceValue(func() http.RoundTripper {
		t := http.DefaultTransport.(*http.Transport).Clone()
		t.TLSHandshakeTimeout = 3 * time.Second
		return tracer.Remote(t, operation)
	})}
}

// Answer is an answer with any status.
type Answer struct {
	Status int
	Body   []byte
}

// Do sends the request. It follows no redirect, so that a query goes to one host only.
// The failure names no address, because an address can hold a token or personal data.
func (c *Client) Do(ctx context.Context, api string, r *http.Request) (Answer, *provider.Failure) {
	response, err := c.transport().RoundTrip(r.WithContext(ctx))
	if err != nil {
		return Answer{}, c.failure(ctx, api, err)
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	err = errors.Join(err, response.Body.Close())
	if err != nil {
		return Answer{}, c.failure(ctx, api, err)
	}
	return Answer{response.StatusCode, body}, nil
}

// Failure returns a failure of the provider with a code.
func (c *Client) Failure(api, code, requestID string) *provider.Failure {
	return &provider.Failure{Provider: c.provider, API: api, Code: code, RequestID: requestID}
}

// Status returns the failure of an answer that is not one of the provider's protocol.
func (c *Client) Status(api string, a Answer) *provider.Failure {
	if a.Status == http.StatusOK {
		return c.Failure(api, provider.CodeMalformed, "")
	}
	return c.Failure(api, "http_"+strconv.Itoa(a.Status), "")
}

func (c *Client) failure(ctx context.Context, api string, err error) *provider.Failure {
	f := c.Failure(api, provider.CodeUnreachable, "")
	var op *net.OpError
	f.NoEffect = errors.As(err, &op) && op.Op == "dial" // nothing was sent
	var t net.Error
	if ctx.Err() != nil || errors.As(err, &t) && t.Timeout() {
		f.Code = provider.CodeTimeout
	}
	return f
}
