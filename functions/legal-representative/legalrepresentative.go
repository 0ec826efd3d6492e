// Package legalrepresentative is step 2 of the wizard: the legal
// representative's identity (核验法人身份信息).
package legalrepresentative

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
	const route = "POST /v1/sessions/{id}/legal-representative"
	mux := http.NewServeMux()
	mux.Handle(route, p.API.Handle(route, p.submit))
	return mux
}

func (p Ports) submit(w http.ResponseWriter, r *http.Request) error {
	body, req, err := httpapi.Submission(r, p.View)
	if err != nil {
		return err
	}
	answer, err := decode(body)
	if err != nil {
		return err
	}
	reply, err := p.Verification.SubmitLegalRepresentative(r.Context(), req, answer)
	if err != nil {
		return err
	}
	return httpapi.WriteReply(w, reply)
}

func decode(body []byte) (realname.IdentityAnswer, error) {
	by, err := httpapi.By(body)
	if err != nil {
		return realname.IdentityAnswer{}, err
	}
	if by == realname.ByIDCard {
		var in api.LegalRepresentativeByIdCard
		err := httpapi.Decode(body, &in)
		return realname.IdentityAnswer{By: by, ValidFrom: in.ValidFrom, ValidTo: in.ValidTo}, err
	}
	var in api.LegalRepresentativeByBankCard
	err = httpapi.Decode(body, &in)
	return realname.IdentityAnswer{By: by, BankCardNumber: in.BankCardNumber, Mobile: in.Mobile, SMSCode: in.SmsCode}, err
}
