// Package login is the built-in token issuer: POST /v1/login, POST /v1/logout
// and GET /v1/jwks.json.
package login

import (
	"context"
	"crypto/ecdsa"
	"net/http"
	"time"
	"unicode/utf8"

	"realname/api"
	"realname/shared/auth"
	"realname/shared/httpapi"
	"realname/shared/realname"
	"realname/shared/signin"
	"realname/shared/store"
)

// Ports is what the function needs from outside.
type Ports struct {
	API         httpapi.API
	Store       *store.Store
	Credentials signin.Credentials
	Issuer      *auth.Issuer
	Keys        func(ctx context.Context) (map[string]*ecdsa.PublicKey, error)
	Now         func() time.Time
}

// New returns the function's handler.
func New(p Ports) http.Handler {
	return p.API.Routes(map[string]httpapi.Handler{
		"POST /v1/login":    p.login,
		"POST /v1/logout":   p.logout,
		"GET /v1/jwks.json": p.jwks,
	})
}

// login issues a token for a correct password.
func (p Ports) login(w http.ResponseWriter, r *http.Request) error {
	body, err := httpapi.Body(r)
	if err != nil {
		return err
	}
	var in api.LoginRequest
	if err := httpapi.Decode(body, &in); err != nil {
		return err
	}
	in.LoginName = httpapi.NFKC(in.LoginName)
	if utf8.RuneCountInString(in.LoginName) > 64 || utf8.RuneCountInString(in.Password) > 128 {
		return &realname.Error{Code: realname.CodeInvalidCredentials}
	}
	signed, err := p.Credentials.SignIn(r.Context(), signin.Attempt{
		LoginName: in.LoginName, Password: in.Password, DeviceSecret: deviceSecret(r),
	})
	if err != nil {
		return err
	}
	a := signed.Account
	token, claims, err := p.Issuer.Issue(r.Context(), a.ID, a.USCC, a.TokensFrom, signed.AsOf)
	if err != nil {
		return err
	}
	keepDevice(w, signed.DeviceSecret)
	return httpapi.WriteJSON(w, http.StatusOK, api.LoginResponse{Token: token, ExpiresAt: claims.ExpiresAt.UTC()})
}

// logout revokes all previously issued tokens of the account.
func (p Ports) logout(w http.ResponseWriter, r *http.Request) error {
	caller, err := httpapi.Caller(r.Context())
	if err != nil {
		return err
	}
	if err := p.Store.RevokeTokens(r.Context(), caller, p.Now()); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (p Ports) jwks(w http.ResponseWriter, r *http.Request) error {
	keys, err := p.Keys(r.Context())
	if err != nil {
		return err
	}
	set, err := auth.JWKS(keys)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "public, max-age=300")
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, err = w.Write(set)
	return err
}
