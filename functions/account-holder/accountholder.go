// Package accountholder verifies the account holder's identity (核验管理员身份信息):
// step 3 of the wizard, and the only step of a holder session.
package accountholder

import (
	"net/http"

	"realname/api"
	"realname/shared/httpapi"
	"realname/shared/idcode"
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
	return p.API.Submitted("POST /v1/sessions/{id}/account-holder", p.View, p.submit)
}

func (p Ports) submit(r *http.Request, body []byte, req verification.SubmitRequest) (realname.Reply, error) {
	holder, answer, err := decode(body)
	if err != nil {
		return realname.Reply{}, err
	}
	return p.Verification.SubmitAccountHolder(r.Context(), req, holder, answer)
}

func decode(body []byte) (realname.Person, verification.IdentityAnswer, error) {
	by, err := httpapi.By(body)
	if err != nil {
		return realname.Person{}, verification.IdentityAnswer{}, err
	}
	if by == realname.ByIDCard {
		var in api.AccountHolderByIdCard
		err := httpapi.Decode(body, &in)
		return realname.Person{Name: in.Name, IDType: idcode.IDType(in.IdType), IDNumber: in.IdNumber},
			verification.IdentityAnswer{By: by, ValidFrom: in.ValidFrom, ValidTo: in.ValidTo}, err
	}
	var in api.AccountHolderByBankCard
	err = httpapi.Decode(body, &in)
	return realname.Person{Name: in.Name, IDType: idcode.IDType(in.IdType), IDNumber: in.IdNumber},
		verification.IdentityAnswer{
			By: by, BankCardNumber: in.BankCardNumber, Mobile: in.Mobile, SMSCode: in.SmsCode,
			Confirmed: httpapi.Strings(in.Confirmed),
		}, err
}
