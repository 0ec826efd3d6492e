// Package oauth issues tokens to machine clients: POST /v1/oauth/token, the client
// credentials grant (RFC 6749, 4.4).
package oauth

import (
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"realname/api"
	"realname/shared/auth"
	"realname/shared/auth/client"
	"realname/shared/httpapi"
	"realname/shared/store"
)

// Ports is what the function needs from outside.
type Ports struct {
	API     httpapi.API
	Clients *store.Settings[client.Client]
	Issuer  *auth.Issuer
	Limiter *client.Limiter
	Now     func() time.Time
	Log     *slog.Logger
}

// New returns the function's handler.
func New(p Ports) http.Handler {
	return p.API.Routes(map[string]httpapi.Handler{"POST /v1/oauth/token": p.token})
}

// failure is an error of RFC 6749, 5.2.
type failure struct {
	status int
	code   api.TokenErrorError
	detail string
	wait   time.Duration
}

func (p Ports) token(w http.ResponseWriter, r *http.Request) error {
	if wait, err := p.API.Take(r, 1); err != nil {
		return err
	} else if wait > 0 {
		return refuse(w, &failure{
			http.StatusTooManyRequests, api.TokenErrorErrorSlowDown, "too many requests of this address in this minute", wait,
		})
	}
	form, id, secret, bad := credentials(r)
	if bad != nil {
		return refuse(w, bad)
	}
	ctx, now := r.Context(), p.Now()
	client, known, err := p.Clients.Find(ctx, func(s store.Setting[client.Client]) bool { return s.Name == id })
	if err != nil {
		return err
	}
	// The answer for an unknown client equals that for a wrong secret.
	if !client.Value.Knows(secret, now) || !known {
		p.Log.LogAttrs(ctx, slog.LevelWarn, "client refused", slog.Bool("known", known))
		return refuse(w, &failure{
			http.StatusUnauthorized, api.TokenErrorErrorInvalidClient, "client ID or secret is wrong, or the client was retired",
			0,
		})
	}
	wait, err := p.Limiter.Take(ctx, id, client.Value.PerMinute)
	if err != nil {
		return err
	}
	if wait > 0 {
		return refuse(w, &failure{
			http.StatusTooManyRequests, api.TokenErrorErrorSlowDown, "too many requests of this client in this minute", wait,
		})
	}
	scope, bad := granted(form, client.Value)
	if bad != nil {
		return refuse(w, bad)
	}
	token, claims, err := p.Issuer.IssueMachine(ctx, id, scope)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return httpapi.WriteJSON(w, http.StatusOK, api.TokenResponse{
		AccessToken: token, TokenType: "Bearer", ExpiresIn: int(claims.ExpiresAt.Sub(now).Seconds()), Scope: scope,
	})
}

// granted returns the scope that the form asks for, if the client has it.
func granted(form url.Values, c client.Client) (scope string, bad *failure) {
	if !form.Has("grant_type") {
		return "", &failure{http.StatusBadRequest, api.TokenErrorErrorInvalidRequest, "grant_type is missing", 0}
	}
	if form.Get("grant_type") != "client_credentials" {
		return "", &failure{
			http.StatusBadRequest, api.TokenErrorErrorUnsupportedGrantType, "grant_type must be client_credentials", 0,
		}
	}
	scopes, ok := c.Grant(form.Get("scope"))
	if !ok {
		return "", &failure{
			http.StatusBadRequest, api.TokenErrorErrorInvalidScope, "the client does not have this scope", 0,
		}
	}
	return strings.Join(scopes, " "), nil
}

var errInvalid = &failure{
	http.StatusBadRequest, api.TokenErrorErrorInvalidRequest,
	"the body must be application/x-www-form-urlencoded, each parameter at most once, the client named once", 0,
}

// credentials reads the form and the client's credentials: from HTTP Basic or from
// the form (RFC 6749, 2.3.1), never from both.
func credentials(r *http.Request) (form url.Values, id, secret string, bad *failure) {
	mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || mediaType != "application/x-www-form-urlencoded" {
		return nil, "", "", errInvalid
	}
	raw, err := io.ReadAll(io.LimitReader(r.Body, httpapi.MaxBody+1))
	if err != nil || len(raw) > httpapi.MaxBody {
		return nil, "", "", errInvalid
	}
	if form, err = url.ParseQuery(string(raw)); err != nil {
		return nil, "", "", errInvalid
	}
	for _, values := range form {
		if len(values) > 1 {
			return nil, "", "", errInvalid
		}
	}
	basicID, basicSecret, basic := r.BasicAuth()
	if !basic {
		return form, form.Get("client_id"), form.Get("client_secret"), nil
	}
	if form.Has("client_secret") || form.Has("client_id") && form.Get("client_id") != basicID {
		return nil, "", "", errInvalid
	}
	id, idErr := url.QueryUnescape(basicID)
	secret, secretErr := url.QueryUnescape(basicSecret)
	if errors.Join(idErr, secretErr) != nil {
		return nil, "", "", errInvalid
	}
	return form, id, secret, nil
}

func refuse(w http.ResponseWriter, f *failure) error {
	w.Header().Set("Cache-Control", "no-store")
	if f.status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Basic realm="realname"`) // RFC 9110, 15.5.2
	}
	if f.wait > 0 {
		httpapi.SetRetryAfter(w, f.wait)
	}
	return httpapi.WriteJSON(w, f.status, api.TokenError{Error: f.code, ErrorDescription: f.detail})
}
