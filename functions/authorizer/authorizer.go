// Package authorizer is the gateway's Lambda authorizer. It checks that the request came
// through CloudFront, and a token's signature, issuer, audience and expiry, and passes on
// the account or client. It does not read the table: every function that reads the
// account checks revocation itself. So the answer holds for every route, and the gateway
// may cache it by header and token.
package authorizer

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"realname/shared/auth"
	"realname/shared/edge"
	"realname/shared/httpapi"
	"realname/shared/telemetry/requestid"
)

// Ports is what the function needs from outside.
type Ports struct {
	Verifier *auth.Verifier
	Gate     *edge.Gate // may be nil
	Log      *slog.Logger
}

type (
	request  = events.APIGatewayV2CustomAuthorizerV2Request
	response = events.APIGatewayV2CustomAuthorizerSimpleResponse
)

// Function answers an HTTP API's authorizer event, version 2, with a simple
// response (API Gateway Developer Guide, "Control access to HTTP APIs with AWS
// Lambda authorizers").
type Function func(ctx context.Context, e request) (response, error)

// New returns the function.
func New(p Ports) Function {
	return func(ctx context.Context, e request) (response, error) {
		refused := response{}
		through, err := p.Gate.Passes(ctx, e.Headers[edge.Header])
		if err != nil || !through {
			return refused, err
		}
		scheme, token, _ := strings.Cut(e.Headers["authorization"], " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return refused, nil
		}
		claims, err := p.Verifier.Verify(ctx, token)
		switch {
		case errors.Is(err, auth.ErrInvalid), errors.Is(err, auth.ErrExpired):
			p.Log.LogAttrs(ctx, slog.LevelInfo, "token refused", slog.String(requestid.Key, e.RequestContext.RequestID),
				slog.String("reason", err.Error()))
			return refused, nil
		case err != nil:
			return refused, err
		}
		expires := strconv.FormatInt(claims.ExpiresAt.UnixMilli(), 10)
		if claims.ClientID != "" {
			return events.APIGatewayV2CustomAuthorizerSimpleResponse{IsAuthorized: true, Context: map[string]any{
				httpapi.ClientIDField:  claims.ClientID,
				httpapi.ScopeField:     claims.Scope,
				httpapi.ExpiresAtField: expires,
			}}, nil
		}
		return events.APIGatewayV2CustomAuthorizerSimpleResponse{IsAuthorized: true, Context: map[string]any{
			httpapi.AccountIDField: claims.AccountID,
			httpapi.USCCField:      claims.USCC,
			httpapi.SignInIDField:  claims.SignInID,
			httpapi.IssuedAtField:  strconv.FormatInt(claims.IssuedAt.UnixMilli(), 10),
			httpapi.ExpiresAtField: expires,
		}}, nil
	}
}
