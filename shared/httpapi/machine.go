package httpapi

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/awslabs/aws-lambda-go-api-proxy/core"

	"realname/shared/realname"
)

// Machine is the machine client that a token names.
type Machine struct {
	ClientID string
	Scopes   []string
}

// MachineOf returns the machine client that the authorizer found in the token.
// Errors: realname.CodeTokenRevoked for an expired token, realname.CodeScope for a
// person's token or one without the scope.
func MachineOf(ctx context.Context, scope string) (Machine, error) {
	e, ok := core.GetAPIGatewayV2ContextFromContext(ctx)
	if !ok || e.Authorizer == nil || expired(e) {
		return Machine{}, &realname.Error{Code: realname.CodeTokenRevoked}
	}
	id, _ := e.Authorizer.Lambda[ClientIDField].(string)
	text, _ := e.Authorizer.Lambda[ScopeField].(string)
	m := Machine{ClientID: id, Scopes: strings.Fields(text)}
	if id == "" || !slices.Contains(m.Scopes, scope) {
		return Machine{}, &realname.Error{Code: realname.CodeScope}
	}
	return m, nil
}

// NoneMatch reports whether If-None-Match names the tag (RFC 9110, 13.1.2).
func NoneMatch(r *http.Request, tag string) bool {
	for _, t := range strings.Split(listed(r, "If-None-Match"), ",") {
		if t = strings.TrimPrefix(strings.TrimSpace(t), "W/"); t == tag || t == "*" {
			return true
		}
	}
	return false
}

// SetRetryAfter sets the header Retry-After, rounded up to whole seconds.
func SetRetryAfter(w http.ResponseWriter, d time.Duration) { setRetryAfter(w, *seconds(d)) }
