// Package account is GET /v1/account: the account information page (R2).
package account

import (
	"fmt"
	"net/http"

	"realname/api"
	"realname/shared/httpapi"
	"realname/shared/mask"
	"realname/shared/realname"
)

// Ports is what the function needs from outside.
type Ports struct {
	API          httpapi.API
	Verification *realname.Verification
}

// New returns the function's handler.
func New(p Ports) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /v1/account", p.API.Handle("GET /v1/account", p.get))
	return mux
}

func (p Ports) get(w http.ResponseWriter, r *http.Request) error {
	caller, err := httpapi.Caller(r.Context())
	if err != nil {
		return err
	}
	a, e, err := p.Verification.AccountPage(r.Context(), caller)
	if err != nil {
		return err
	}
	view, err := p.view(a, e)
	if err != nil {
		return err
	}
	w.Header().Set("ETag", fmt.Sprintf("%q", fmt.Sprint(a.Version)))
	return httpapi.WriteJSON(w, http.StatusOK, view)
}

func (p Ports) view(a realname.Account, e realname.Enterprise) (api.Account, error) {
	view := api.Account{
		LoginName: a.LoginName, Origin: api.AccountOrigin(a.Origin),
		Enterprise: api.AccountEnterprise{Name: e.Name, Uscc: e.USCC, OrgCode: e.OrgCode, Address: e.Address},
		Aspects:    httpapi.Aspects(e.Aspect, a.Holder, !a.Origin.Applicable()),
		Version:    a.Version,
	}
	admin, err := p.person(a.Administrator, realname.AccountItem(a.ID), realname.FieldAdministrator)
	if err != nil {
		return view, err
	}
	if admin != nil {
		view.Administrator = *admin
	}
	if view.LegalRepresentative, err = p.person(e.LegalRepresentative, realname.EnterpriseItem(e.USCC), realname.FieldLegalRepresentative); err != nil {
		return view, err
	}
	if view.Mobile, err = p.text(a.Mobile, a.ID, realname.FieldMobile, mask.Mobile); err != nil {
		return view, err
	}
	if view.Email, err = p.text(a.Email, a.ID, realname.FieldEmail, mask.Email); err != nil {
		return view, err
	}
	if a.Region != "" {
		view.Region = &a.Region
	}
	return view, nil
}

// person shows a name as it is and the document's number masked, as the
// manual's page does.
func (p Ports) person(sealed realname.Sealed, item, field string) (*api.MaskedPerson, error) {
	person, err := realname.OpenPerson(p.Verification.Sealer, sealed, item, field)
	if err != nil || sealed == "" {
		return nil, err
	}
	return &api.MaskedPerson{Name: person.Name, IdType: api.IdType(person.IDType), IdNumber: mask.ID(person.IDNumber)}, nil
}

func (p Ports) text(sealed realname.Sealed, accountID, field string, mask func(string) string) (*string, error) {
	if sealed == "" {
		return nil, nil
	}
	plain, err := p.Verification.Sealer.Open(sealed, realname.AccountItem(accountID), field)
	if err != nil {
		return nil, err
	}
	masked := mask(string(plain))
	return &masked, nil
}
