// Package accountcard shows, binds, rebinds and unbinds the account's own E-Port
// card (我的IC卡).
package accountcard

import (
	"net/http"

	"realname/api"
	"realname/shared/httpapi"
	"realname/shared/realname"
	"realname/shared/verification"
)

// Ports is what the function needs from outside.
type Ports struct {
	API          httpapi.API
	Verification *verification.Verification
	View         httpapi.SessionView
}

// New returns the function's handler.
func New(p Ports) http.Handler {
	return p.API.Routes(map[string]httpapi.Handler{
		"GET /v1/account/card":            p.get,
		"PUT /v1/account/card":            p.bind,
		"DELETE /v1/account/card":         p.unbind,
		"POST /v1/account/card/challenge": p.challenge,
	})
}

func (p Ports) get(w http.ResponseWriter, r *http.Request) error {
	caller, err := httpapi.Caller(r.Context())
	if err != nil {
		return err
	}
	card, err := p.Verification.Card(r.Context(), caller)
	if err != nil {
		return err
	}
	out := api.AccountCard{}
	if card.ID != "" {
		out.Card = view(card)
	}
	return httpapi.WriteJSON(w, http.StatusOK, out)
}

func view(c realname.BoundCard) *api.BoundCard {
	return &api.BoundCard{
		CertificateNumber: c.Number, Issuer: c.Issuer, Algorithm: api.BoundCardAlgorithm(c.Algorithm),
		ValidFrom: c.ValidFrom.UTC(), ValidTo: c.ValidTo.UTC(), BoundAt: c.BoundAt.UTC(),
	}
}

func (p Ports) challenge(w http.ResponseWriter, r *http.Request) error {
	req, err := httpapi.ChallengeRequest(r, p.View)
	if err != nil {
		return err
	}
	reply, err := p.Verification.NewCardChallenge(r.Context(), req)
	if err != nil {
		return err
	}
	return httpapi.WriteReply(w, reply)
}

func (p Ports) bind(w http.ResponseWriter, r *http.Request) error {
	body, err := httpapi.Body(r)
	if err != nil {
		return err
	}
	caller, err := httpapi.Caller(r.Context())
	if err != nil {
		return err
	}
	answer, err := httpapi.CardAnswer(body)
	if err != nil {
		return err
	}
	card, err := p.Verification.BindCard(r.Context(), caller, answer)
	if err != nil {
		return err
	}
	return httpapi.WriteJSON(w, http.StatusOK, api.AccountCard{Card: view(card)})
}

func (p Ports) unbind(w http.ResponseWriter, r *http.Request) error {
	caller, err := httpapi.Caller(r.Context())
	if err != nil {
		return err
	}
	if err := p.Verification.UnbindCard(r.Context(), caller); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
