// Package login is the built-in token issuer: it signs people in and out, renews their
// tokens, lists and ends their sign-ins, and publishes the keys of tokens.
package login

import (
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
	Keys        auth.PublicKeys
	Life        realname.SignInLife
	Now         func() time.Time
}

// New returns the function's handler.
func New(p Ports) http.Handler {
	return p.API.Routes(map[string]httpapi.Handler{
		"POST /v1/login":                   p.API.Limited(1, p.login),
		"POST /v1/login/renewals":          p.renew,
		"POST /v1/logout":                  p.logout,
		"GET /v1/account/sign-ins":         p.signIns,
		"DELETE /v1/account/sign-ins":      p.endAll,
		"DELETE /v1/account/sign-ins/{id}": p.end,
		"GET /v1/jwks.json":                p.API.Limited(1, p.jwks),
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
	browser, system := agent(r.UserAgent())
	signed, err := p.Credentials.SignIn(r.Context(), signin.Attempt{
		LoginName: in.LoginName, Password: in.Password, DeviceSecret: deviceSecret(r), Browser: browser, System: system,
	})
	if err != nil {
		return err
	}
	keepDevice(w, signed.DeviceSecret)
	return p.answer(w, r, signed.Account, signed.Device, signed.AsOf)
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
