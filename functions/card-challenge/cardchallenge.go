// Package cardchallenge issues the challenge that an E-Port card signs for a
// session (R6).
package cardchallenge

import (
	"net/http"

	"realname/shared/httpapi"
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
	return p.API.Routes(map[string]httpapi.Handler{"POST /v1/sessions/{id}/card-challenge": p.give})
}

func (p Ports) give(w http.ResponseWriter, r *http.Request) error {
	req, err := httpapi.ChallengeRequest(r, p.View)
	if err != nil {
		return err
	}
	req.SessionID = httpapi.SessionID(r)
	reply, err := p.Verification.NewCardChallenge(r.Context(), req)
	if err != nil {
		return err
	}
	return httpapi.WriteReply(w, reply)
}
