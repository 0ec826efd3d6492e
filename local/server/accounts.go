package server

import (
	"context"
	"crypto/rand"
	"net/http"

	"realname/shared/accounts"
	"realname/shared/auth"
	"realname/shared/auth/strength"
	"realname/shared/verification"
)

// accounts connects the use cases of the account information page to the
// ports of the form.
func (s *Server) accounts(v *verification.Verification, passwords accounts.Credentials) *accounts.Accounts {
	return &accounts.Accounts{
		Ports: v.Ports, Sessions: v, Directory: s.store(),
		Credentials: passwords, Mail: s.form.mail,
		Strength: func(_ context.Context, password string, about []string) (string, error) {
			return strength.Rule(password, about), nil
		},
		NewSecret: func() (string, error) { return auth.NewSecret(rand.Reader) }, SecretHash: auth.SecretHash,
		ResetRetry: s.form.resetRetry, WrongPace: s.form.wrongPace,
	}
}

// lastMail is GET /sandbox/email?to=…: the last e-mail to an address.
func (s *Server) lastMail(w http.ResponseWriter, r *http.Request) {
	m, ok := s.provider.LastMail(r.URL.Query().Get("to"))
	if !ok {
		answer(w, http.StatusNotFound, map[string]string{"message": "no e-mail was sent to this address"})
		return
	}
	m.Link = "http://" + r.Host + m.Link
	answer(w, http.StatusOK, m)
}
