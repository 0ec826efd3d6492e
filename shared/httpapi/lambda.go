// Package httpapi holds the common parts of all API functions: the conversion
// between the gateway's events and HTTP handlers, bodies with limits, problems in
// two languages, idempotency keys, and one log line per request.
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

// Lambda turns an HTTP handler into a function. Requests have the gateway's
// request ID.
func Lambda(h http.Handler) Function {
	adapter := httpadapter.NewV2(h)
	return func(ctx context.Context, e events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		e.RawPath, e.RawQueryString = escaped(e.RawPath), visible(e.RawQueryString)
		return adapter.ProxyWithContext(requestid.With(ctx, e.RequestContext.RequestID), e)
	}
}

// escaped escapes a path again if the gateway has resolved its escapes. Otherwise
// a control character would end the invocation, and a # or ? would cut the path.
func escaped(path string) string {
	if plain, err := url.PathUnescape(path); err == nil && plain != path {
		return path
	}
	return (&url.URL{Path: path}).EscapedPath()
}

// visible escapes the control characters and # in a query, which would end the
// invocation too.
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
