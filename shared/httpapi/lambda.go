// Package httpapi is what every API function shares: from the gateway's event
// to the handler and back, bodies with limits, problems in two languages,
// idempotency keys, and one log line a request.
package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/aws/aws-lambda-go/events"
	"github.com/awslabs/aws-lambda-go-api-proxy/httpadapter"

	"realname/shared/telemetry/requestid"
)

// Function is a Lambda handler of an HTTP API's v2 event.
type Function func(ctx context.Context, e events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error)

// Lambda makes a function of an HTTP handler, whose requests are known by the
// gateway's identifier.
func Lambda(h http.Handler) Function {
	adapter := httpadapter.NewV2(h)
	return func(ctx context.Context, e events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		e.RawPath, e.RawQueryString = escaped(e.RawPath), visible(e.RawQueryString)
		return adapter.ProxyWithContext(requestid.With(ctx, e.RequestContext.RequestID), e)
	}
}

// escaped writes a path with its escapes, which a gateway may have resolved: a
// control character in it would end the invocation, a # or ? cut it short.
func escaped(path string) string {
	if plain, err := url.PathUnescape(path); err == nil && plain != path {
		return path
	}
	return (&url.URL{Path: path}).EscapedPath()
}

// visible writes the control characters of a query, and #, with escapes; one of
// them would end the invocation too.
func visible(query string) string {
	var b strings.Builder
	for _, c := range []byte(query) {
		if c < ' ' || c == 0x7f || c == '#' {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
