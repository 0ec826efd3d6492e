// Package methods serves the methods page (R3): GET /v1/methods.
package methods

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
}

// New returns the function's handler.
func New(p Ports) http.Handler {
	return p.API.Routes(map[string]httpapi.Handler{"GET /v1/methods": p.get})
}

func (p Ports) get(w http.ResponseWriter, r *http.Request) error {
	caller, err := httpapi.Caller(r.Context())
	if err != nil {
		return err
	}
	page, err := p.Verification.MethodsPage(r.Context(), caller)
	if err != nil {
		return err
	}
	lang := httpapi.Language(r)
	out := api.Methods{
		Aspects: httpapi.Aspects(page.Enterprise, page.Holder),
		Methods: []api.MethodCard{},
	}
	for _, c := range page.Cards {
		out.Methods = append(out.Methods, card(lang, c))
		if c.Method == realname.GeneralConsent {
			out.Consent = consent(lang, c)
		}
	}
	return httpapi.WriteJSON(w, http.StatusOK, out)
}

func card(lang httpapi.Texts, c verification.MethodCard) api.MethodCard {
	v := api.MethodCard{
		Method: api.Method(c.Method), Level: api.MethodCardLevel(c.Method.Level()), Recommended: c.Method.Recommended(),
		State: "not_passed", Applicable: c.Applicable, SessionId: httpapi.Optional(c.SessionID),
		Consent: consent(lang, c),
	}
	if c.Passed {
		v.State = "passed"
	}
	if c.Reason != "" {
		reason, detail := api.Reason(c.Reason), lang.Reason(c.Reason)
		v.Reason, v.Detail = &reason, &detail
	}
	return v
}

func consent(lang httpapi.Texts, c verification.MethodCard) api.Consent {
	v := api.Consent{Version: c.ConsentVersion, Text: lang.Consent(c.Method), Recipients: []api.Recipient{}}
	for _, r := range c.Recipients {
		name, receives := lang.Recipient(r)
		v.Recipients = append(v.Recipients, api.Recipient{Name: name, Receives: receives})
	}
	return v
}
