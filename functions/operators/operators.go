// Package operators serves the page 我的操作员 (R2), where an administrator manages
// the enterprise's operators.
package operators

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"time"

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
		"GET /v1/operators":                        p.list,
		"POST /v1/operators":                       p.add,
		"PUT /v1/operators/{id}":                   p.change,
		"DELETE /v1/operators/{id}":                p.disable,
		"POST /v1/operators/{id}/enablements":      p.enable,
		"POST /v1/operators/{id}/activation-codes": p.renew,
	})
}

func (p Ports) list(w http.ResponseWriter, r *http.Request) error {
	page, err := httpapi.PageOf(r, p.Accounts.Sealer, "operators")
	if err != nil {
		return err
	}
	found, next, err := p.Accounts.Operators(r.Context(), page.Caller, page.Limit, page.From)
	if err != nil {
		return err
	}
	out := api.OperatorList{Operators: make([]api.Operator, len(found))}
	for i, a := range found {
		if out.Operators[i], err = p.view(a); err != nil {
			return err
		}
	}
	if out.Next, err = page.Next(next); err != nil {
		return err
	}
	return httpapi.WriteJSON(w, http.StatusOK, out)
}

func (p Ports) add(w http.ResponseWriter, r *http.Request) error {
	var in api.NewOperator
	caller, idem, err := httpapi.Keyed(r, p.Accounts.Sealer, &in)
	if err != nil {
		return err
	}
	var failed error
	reply, err := p.Accounts.AddOperator(r.Context(), accounts.AddOperatorRequest{
		Caller: caller, Idempotency: idem,
		Details: accounts.OperatorDetails{
			LoginName: in.LoginName, Holder: httpapi.Identity(in.Name, in.IdType, in.IdNumber, in.IssuingCountry, nil, nil),
			Mobile: httpapi.Text(in.Mobile), Email: httpapi.Text(in.Email), Active: true,
		},
		Render: func(o accounts.Operator) realname.Reply {
			reply, err := p.added(o)
			failed = err
			return reply
		},
	})
	if err = errors.Join(err, failed); err != nil {
		return err
	}
	answer, err := p.opened(caller, reply.Body)
	if err != nil {
		return err
	}
	var out api.OperatorAdded
	if err := json.Unmarshal(answer, &out); err != nil {
		return err
	}
	// The stored answer has no code: each repetition derives it again.
	if out.ActivationCode, err = accounts.ActivationCode(p.Accounts.Sealer, out.Operator.Id, 1); err != nil {
		return err
	}
	w.Header().Set("Location", "/v1/operators/"+out.Operator.Id)
	return httpapi.WriteJSON(w, reply.Status, out)
}

func (p Ports) added(o accounts.Operator) (realname.Reply, error) {
	view, err := p.view(o)
	return httpapi.ReplyJSON(http.StatusCreated, api.OperatorAdded{
		Operator: view, ExpiresAt: o.Account.Activation.ExpiresAt.UTC(),
	}), err
}

// opened returns the body of a stored answer. Earlier releases sealed it to the caller's
// account; such answers expire a day after the upgrade.
func (p Ports) opened(caller realname.Caller, body []byte) ([]byte, error) {
	if bytes.HasPrefix(body, []byte("{")) {
		return body, nil
	}
	return p.Accounts.Sealer.Open(realname.Sealed(body), realname.AccountItem(caller.AccountID), "operator-reply")
}

func (p Ports) change(w http.ResponseWriter, r *http.Request) error {
	var in api.OperatorChange
	change, err := httpapi.Change(r, &in)
	if err != nil {
		return err
	}
	a, err := p.Accounts.ChangeOperator(r.Context(), accounts.ChangeOperatorRequest{
		Caller: change.Caller, OperatorID: r.PathValue("id"), IfMatch: change.IfMatch,
		ConfirmWithdrawal: httpapi.Given(in.ConfirmWithdrawal),
		Details: accounts.OperatorDetails{
			Holder: httpapi.Identity(in.Name, in.IdType, in.IdNumber, in.IssuingCountry, nil, nil),
			Mobile: httpapi.Text(in.Mobile), Email: httpapi.Text(in.Email), Active: in.Active == nil || *in.Active,
		},
	})
	return p.answer(w, a, err)
}

func (p Ports) disable(w http.ResponseWriter, r *http.Request) error {
	caller, err := httpapi.Caller(r.Context())
	if err != nil {
		return err
	}
	a, err := p.Accounts.DisableOperator(r.Context(), caller, r.PathValue("id"), httpapi.IfMatch(r))
	return p.answer(w, a, err)
}

func (p Ports) enable(w http.ResponseWriter, r *http.Request) error {
	caller, err := httpapi.Caller(r.Context())
	if err != nil {
		return err
	}
	a, err := p.Accounts.EnableOperator(r.Context(), caller, r.PathValue("id"))
	return p.answer(w, a, err)
}

func (p Ports) renew(w http.ResponseWriter, r *http.Request) error {
	caller, idem, err := httpapi.Keyed(r, p.Accounts.Sealer, nil)
	if err != nil {
		return err
	}
	id := r.PathValue("id")
	reply, err := p.Accounts.RenewActivation(r.Context(), accounts.RenewActivationRequest{
		Caller: caller, OperatorID: id, Idempotency: idem,
		Render: func(a realname.Account) realname.Reply {
			return httpapi.ReplyJSON(http.StatusCreated, renewed{a.Activation.Issue, a.Activation.ExpiresAt.UTC()})
		},
	})
	if err != nil {
		return err
	}
	var made renewed
	if err := json.Unmarshal(reply.Body, &made); err != nil {
		return err
	}
	code, err := accounts.ActivationCode(p.Accounts.Sealer, id, made.Issue)
	if err != nil {
		return err
	}
	return httpapi.WriteJSON(w, reply.Status, api.ActivationCode{ActivationCode: code, ExpiresAt: made.ExpiresAt})
}

// renewed is the stored answer for a new activation code: its number. A repetition
// of the request derives the code from it again.
type renewed struct {
	Issue     int64     `json:"issue"`
	ExpiresAt time.Time `json:"expiresAt"`
}

func (p Ports) answer(w http.ResponseWriter, o accounts.Operator, err error) error {
	if err != nil {
		return err
	}
	view, err := p.view(o)
	if err != nil {
		return err
	}
	httpapi.SetETag(w, view.Version)
	return httpapi.WriteJSON(w, http.StatusOK, view)
}

// view shows an operator with the same masking as the account page.
func (p Ports) view(operator accounts.Operator) (api.Operator, error) {
	a := operator.Account
	item := realname.AccountItem(a.ID)
	holder, err := realname.OpenIdentity(p.Accounts.Sealer, a.Administrator, item, realname.FieldAdministrator)
	if err != nil {
		return api.Operator{}, err
	}
	o := api.Operator{
		Id: a.ID, LoginName: a.LoginName, Name: holder.Name, IdType: api.IdType(holder.IDType),
		IdNumber: mask.ID(holder.IDNumber),
		Status:   api.OperatorStatusActive, CreatedAt: a.CreatedAt.UTC(), Version: a.Edition(),
		Holder: httpapi.Aspect(operator.Holder),
	}
	switch {
	case !a.Disabled.IsZero():
		o.Status = api.OperatorStatusDisabled
	case a.PasswordHash == "":
		o.Status = api.OperatorStatusNotActivated
	}
	if o.Mobile, err = httpapi.Masked(p.Accounts.Sealer, a.Mobile, item, realname.FieldMobile, mask.Mobile); err != nil {
		return o, err
	}
	o.Email, err = httpapi.Masked(p.Accounts.Sealer, a.Email, item, realname.FieldEmail, mask.Email)
	return o, err
}
