// Package enterprise is step 1 of the wizard: the enterprise against the
// registry (核验企业信息).
package enterprise

import (
	"net/http"

	"realname/api"
	"realname/shared/httpapi"
	"realname/shared/realname"
)

// Ports is what the function needs from outside.
type Ports struct {
	API          httpapi.API
	Verification *realname.Verification
	View         httpapi.SessionView
}

// New returns the function's handler.
func New(p Ports) http.Handler {
	const route = "POST /v1/sessions/{id}/enterprise"
	mux := http.NewServeMux()
	mux.Handle(route, p.API.Handle(route, p.submit))
	return mux
}

func (p Ports) submit(w http.ResponseWriter, r *http.Request) error {
	body, req, err := httpapi.Submission(r, p.View)
	if err != nil {
		return err
	}
	var in api.EnterpriseAnswer
	if err := httpapi.Decode(body, &in); err != nil {
		return err
	}
	reply, err := p.Verification.SubmitEnterprise(r.Context(), req, realname.EnterpriseAnswer{
		Name: in.Name, USCC: in.Uscc, OrgCode: in.OrgCode, LegalRepresentative: httpapi.Person(in.LegalRepresentative),
	})
	if err != nil {
		return err
	}
	return httpapi.WriteReply(w, reply)
}
