// Package httpapi is what every API function shares: from the gateway's event
// to the handler and back, bodies with limits, problems in two languages,
// idempotency keys, and one log line a request.
package httpapi

import (
	"context"
	"net/http"

	"github.com/aws/aws-lambda-go/events"
	"github.com/awslabs/aws-lambda-go-api-proxy/httpadapter"
)

// Function is a Lambda handler of an HTTP API's v2 event.
type Function func(ctx context.Context, e events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error)

// Lambda makes a function of an HTTP handler.
func Lambda(h http.Handler) Function {
	return httpadapter.NewV2(h).ProxyWithContext
}
