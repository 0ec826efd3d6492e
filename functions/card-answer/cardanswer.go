// Package cardanswer verifies an E-Port card's answer to a session's challenge
// (R6).
package cardanswer

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
	return p.API.Routes(map[string]httpapi.Handler{"POST /v1/sessions/{id}/card-answer": p.submit})
}

func (p Ports) submit(w http.ResponseWriter, r *http.Request) error {
	body, req, err := httpapi.Submission(r, p.View)
	if err != nil {
		return err
	}
	answer, err := httpapi.CardAnswer(body)
	if err != nil {
		return err
	}
	reply, err := p.Verification.SubmitCard(r.Context(), req, answer)
	if err != nil {
		return err
	}
	return httpapi.WriteReply(w, reply)
}
