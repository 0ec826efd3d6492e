package account

import (
	"net/http"

	"realname/api"
	"realname/shared/accounts"
	"realname/shared/httpapi"
	"realname/shared/realname"
)

func (p Ports) enterprise(w http.ResponseWriter, r *http.Request) error {
	var in api.EnterpriseChange
	change, err := httpapi.Change(r, &in)
	if err != nil {
		return err
	}
	change.ConfirmWithdrawal, change.CurrentPassword = httpapi.Given(in.ConfirmWithdrawal), in.CurrentPassword
	done, err := p.Accounts.ChangeEnterprise(r.Context(), change, accounts.EnterpriseFacts{
		Name: in.Name, USCC: in.Uscc, OrgCode: in.OrgCode, Address: in.Address, Confirmed: httpapi.Strings(in.Confirmed),
	})
	return answer(w, done, err)
}

func (p Ports) legalRepresentative(w http.ResponseWriter, r *http.Request) error {
	var in api.LegalRepresentativeChange
	change, err := httpapi.Change(r, &in)
	if err != nil {
		return err
	}
	change.ConfirmWithdrawal, change.CurrentPassword = httpapi.Given(in.ConfirmWithdrawal), in.CurrentPassword
	who := httpapi.Identity(in.Name, in.IdType, in.IdNumber, in.IssuingCountry, in.ValidFrom, in.ValidTo)
	done, err := p.Accounts.ChangeLegalRepresentative(r.Context(), change, who)
	return answer(w, done, err)
}

func (p Ports) administrator(w http.ResponseWriter, r *http.Request) error {
	var in api.AdministratorChange
	change, err := httpapi.Change(r, &in)
	if err != nil {
		return err
	}
	change.ConfirmWithdrawal, change.CurrentPassword = httpapi.Given(in.ConfirmWithdrawal), &in.CurrentPassword
	who := httpapi.Identity(in.Name, in.IdType, in.IdNumber, in.IssuingCountry, nil, nil)
	done, err := p.Accounts.ChangeAdministrator(r.Context(), change, who)
	return answer(w, done, err)
}

func (p Ports) region(w http.ResponseWriter, r *http.Request) error {
	var in api.RegionChange
	change, err := httpapi.Change(r, &in)
	if err != nil {
		return err
	}
	done, err := p.Accounts.ChangeRegion(r.Context(), change, in.Region)
	return answer(w, done, err)
}

func (p Ports) reminders(w http.ResponseWriter, r *http.Request) error {
	var in api.Reminders
	change, err := httpapi.Change(r, &in)
	if err != nil {
		return err
	}
	done, err := p.Accounts.ChangeReminders(r.Context(), change, realname.Reminders{
		Password: in.Password, Verification: in.Verification, Login: in.Login,
	})
	return answer(w, done, err)
}

func answer(w http.ResponseWriter, done accounts.Changed, err error) error {
	if err != nil {
		return err
	}
	return httpapi.WriteChange(w, http.StatusOK, done)
}
