// Package enterprise verifies the enterprise against the registry (核验企业信息):
// step 1 of the wizard.
package enterprise

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
	return p.API.Submitted("POST /v1/sessions/{id}/enterprise", p.View, p.submit)
}

func (p Ports) submit(r *http.Request, body []byte, req verification.SubmitRequest) (realname.Reply, error) {
	var in api.EnterpriseAnswer
	if err := httpapi.Decode(body, &in); err != nil {
		return realname.Reply{}, err
	}
	return p.Verification.SubmitEnterprise(r.Context(), req, verification.EnterpriseAnswer{
		Name: in.Name, USCC: in.Uscc, OrgCode: in.OrgCode, LegalRepresentative: httpapi.Person(in.LegalRepresentative),
		Confirmed: httpapi.Strings(in.Confirmed),
	})
}
