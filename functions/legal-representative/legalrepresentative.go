// Package legalrepresentative verifies the legal representative's identity
// (核验法人身份信息): step 2 of the wizard.
package legalrepresentative

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
	return p.API.Submitted("POST /v1/sessions/{id}/legal-representative", p.View, p.submit)
}

func (p Ports) submit(r *http.Request, body []byte, req verification.SubmitRequest) (realname.Reply, error) {
	answer, err := decode(body)
	if err != nil {
		return realname.Reply{}, err
	}
	return p.Verification.SubmitLegalRepresentative(r.Context(), req, answer)
}

func decode(body []byte) (verification.IdentityAnswer, error) {
	by, err := httpapi.By(body)
	if err != nil {
		return verification.IdentityAnswer{}, err
	}
	if by == realname.ByIDCard {
		var in api.LegalRepresentativeByIdCard
		err := httpapi.Decode(body, &in)
		return verification.IdentityAnswer{By: by, ValidFrom: in.ValidFrom, ValidTo: in.ValidTo}, err
	}
	var in api.LegalRepresentativeByBankCard
	err = httpapi.Decode(body, &in)
	return verification.IdentityAnswer{
		By: by, BankCardNumber: in.BankCardNumber, Mobile: in.Mobile, SMSCode: in.SmsCode,
		Confirmed: httpapi.Strings(in.Confirmed),
	}, err
}
