// Package account serves the account information page (R2): it shows the account
// and changes everything on it except the credentials. It also serves the page of the
// account holder's personal data (我的个人信息).
package account

import (
	"net/http"

	"realname/api"
	"realname/shared/accounts"
	"realname/shared/httpapi"
	"realname/shared/mask"
	"realname/shared/realname"
)

// Ports is what the function needs from outside.
type Ports struct {
	API      httpapi.API
	Accounts *accounts.Accounts
}

// New returns the function's handler.
func New(p Ports) http.Handler {
	return p.API.Routes(map[string]httpapi.Handler{
		"GET /v1/account":                      p.get,
		"PUT /v1/account/enterprise":           p.enterprise,
		"PUT /v1/account/legal-representative": p.legalRepresentative,
		"PUT /v1/account/administrator":        p.administrator,
		"PUT /v1/account/region":               p.region,
		"PUT /v1/account/reminders":            p.reminders,
		"GET /v1/account/personal-data":        p.personalData,
		"POST /v1/account/consent-withdrawals": p.withdrawConsent,
		"POST /v1/account/erasure-requests":    p.requestErasure,
	})
}

func (p Ports) get(w http.ResponseWriter, r *http.Request) error {
	caller, err := httpapi.Caller(r.Context())
	if err != nil {
		return err
	}
	a, e, err := p.Accounts.AccountPage(r.Context(), caller)
	if err != nil {
		return err
	}
	view, err := p.view(a, e)
	if err != nil {
		return err
	}
	httpapi.SetETag(w, view.Version)
	return httpapi.WriteJSON(w, http.StatusOK, view)
}

func (p Ports) view(a realname.Account, e realname.Enterprise) (api.Account, error) {
	view := api.Account{
		LoginName: a.LoginName, Role: api.AdministratorRole, Origin: api.AccountOrigin(a.Origin),
		Reminders: api.Reminders{
			Password: a.Reminders.Password, Verification: a.Reminders.Verification, Login: a.Reminders.Login,
		},
		Enterprise: api.AccountEnterprise{Name: e.Name, Uscc: e.USCC, OrgCode: e.OrgCode, Address: e.Address},
		Aspects:    httpapi.Aspects(e.State(realname.EnterpriseAspect), e.HolderState(a)),
		Region:     httpapi.Optional(a.Region),
		Version:    accounts.PageVersion(a, e),
	}
	if a.Role == realname.RoleOperator {
		view.Role = api.OperatorRole
	}
	item := realname.AccountItem(a.ID)
	admin, err := p.person(a.Administrator, item, realname.FieldAdministrator)
	if err != nil {
		return view, err
	}
	if admin != nil {
		view.Administrator = *admin
	}
	if view.LegalRepresentative, err = p.legalRep(e); err != nil {
		return view, err
	}
	view.Mobile, err = httpapi.Masked(p.Accounts.Sealer, a.Mobile, item, realname.FieldMobile, mask.Mobile)
	if err != nil {
		return view, err
	}
	if view.Email, err = httpapi.Masked(p.Accounts.Sealer, a.Email, item, realname.FieldEmail, mask.Email); err != nil {
		return view, err
	}
	view.PendingEmail, err = httpapi.Masked(p.Accounts.Sealer, a.PendingEmail, item, realname.FieldPendingEmail,
		mask.Email)
	if err != nil {
		return view, err
	}
	return view, nil
}

// person shows the full name and masks the document's number, as the page in the
// manual does.
func (p Ports) person(sealed realname.Sealed, item, field string) (*api.MaskedPerson, error) {
	person, err := realname.OpenPerson(p.Accounts.Sealer, sealed, item, field)
	if err != nil || sealed == "" {
		return nil, err
	}
	return &api.MaskedPerson{Name: person.Name, IdType: api.IdType(person.IDType), IdNumber: mask.ID(person.IDNumber)}, nil
}

func (p Ports) legalRep(e realname.Enterprise) (*api.MaskedLegalRepresentative, error) {
	i, err := realname.OpenIdentity(p.Accounts.Sealer, e.LegalRepresentative, realname.EnterpriseItem(e.USCC),
		realname.FieldLegalRepresentative)
	if err != nil || e.LegalRepresentative == "" {
		return nil, err
	}
	return &api.MaskedLegalRepresentative{
		Name: i.Name, IdType: api.IdType(i.IDType), IdNumber: mask.ID(i.IDNumber),
		IssuingCountry: httpapi.Optional(i.IssuingCountry), ValidFrom: httpapi.Optional(i.ValidFrom),
		ValidTo: httpapi.Optional(i.ValidTo),
	}, nil
}
