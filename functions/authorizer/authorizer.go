// Package authorizer is the gateway's Lambda authorizer: it checks a token's
// signature, issuer, audience and expiry, and hands on whom it stands for. It
// reads no table; every function that reads the account checks revocation
// itself, so the gateway may cache the answer, which holds for every route.
package authorizer

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"realname/shared/auth"
	"realname/shared/httpapi"
	"realname/shared/telemetry/requestid"
)

// Ports is what the function needs from outside.
type Ports struct {
	Verifier *auth.Verifier
	Log      *slog.Logger
}

// Function answers an HTTP API's authorizer event, version 2, with a simple
// response (API Gateway Developer Guide, "Control access to HTTP APIs with AWS
// Lambda authorizers").
type Function func(ctx context.Context, e events.APIGatewayV2CustomAuthorizerV2Request) (events.APIGatewayV2CustomAuthorizerSimpleResponse, error)

// New returns the function.
func New(p Ports) Function {
	return func(ctx context.Context, e events.APIGatewayV2CustomAuthorizerV2Request) (events.APIGatewayV2CustomAuthorizerSimpleResponse, error) {
		refused := events.APIGatewayV2CustomAuthorizerSimpleResponse{}
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
			httpapi.IssuedAtField:  strconv.FormatInt(claims.IssuedAt.UnixMilli(), 10),
			httpapi.ExpiresAtField: expires,
		}}, nil
	}
}
