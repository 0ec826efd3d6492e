package tencent

import (
	"io"
	"net/http"
	"time"

	"realname/shared/telemetry/trace"
)

// maxAnswer is the largest answer, in bytes; the documented ones are below 2 KB.
const maxAnswer = 64 << 10

// exchange is the result of one request below the SDK, whose errors keep only text.
type exchange struct {
	status int
	err    error
}

type exchangeKey struct{}

// watched records each exchange in its context and limits the size of its answer.
type watched struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (w watched) RoundTrip(r *http.Request) (*http.Response, error) {
	seen, _ := r.Context().Value(exchangeKey{}).(*exchange)
	response, err := w.next.RoundTrip(r)
	if seen != nil {
		seen.err = err
	}
	if err != nil {
		return nil, err
	}
	if seen != nil {
		seen.status = response.StatusCode
	}
	response.Body = bounded{io.LimitReader(response.Body, maxAnswer), response.Body}
	return response, nil
}

type bounded struct {
	io.Reader
	io.Closer
}

func newTransport(tracer *trace.Tracer) http.RoundTripper {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.TLSHandshakeTimeout = 3 * time.Second
	return watched{tracer.Remote(t, func(r *http.Request) string { return r.Header.Get("X-TC-Action") })}
}
