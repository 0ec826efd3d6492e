package login

import (
	"net/http"
	"slices"
	"time"

	"realname/api"
	"realname/shared/auth"
	"realname/shared/httpapi"
	"realname/shared/realname"
)

// signIns lists the devices on which the account is signed in, the latest first.
func (p Ports) signIns(w http.ResponseWriter, r *http.Request) error {
	caller, err := httpapi.Caller(r.Context())
	if err != nil {
		return err
	}
	a, err := p.Store.LoadCaller(r.Context(), caller)
	if err != nil {
		return err
	}
	out := api.SignInList{SignIns: []api.SignIn{}}
	now := p.Now()
	for _, d := range slices.Backward(a.Devices) {
		current := d.SignInID == caller.SignInID
		if !current && !p.Life.Lasts(d, a, now) {
			continue
		}
		out.SignIns = append(out.SignIns, api.SignIn{
			Id: d.SignInID, Current: current, Browser: httpapi.Optional(d.Browser), System: httpapi.Optional(d.System),
			FirstAt: d.FirstAt.UTC(), LastAt: d.UsedAt.UTC(),
		})
	}
	return httpapi.WriteJSON(w, http.StatusOK, out)
}

// end ends one sign-in, whose tokens stop working, and forgets its device.
func (p Ports) end(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	return p.edit(w, r, func(_ realname.Caller, a realname.Account) (realname.Account, error) {
		if _, ok := a.SignIn(id); !ok {
			return a, &realname.Error{Code: realname.CodeNotFound}
		}
		return a.Forgets(id), nil
	})
}

// endAll revokes all previously issued tokens of the account and forgets its devices.
func (p Ports) endAll(w http.ResponseWriter, r *http.Request) error {
	return p.edit(w, r, func(c realname.Caller, a realname.Account) (realname.Account, error) {
		// The issue time of a token can be slightly later than now (auth.Issuer.Issue).
		a.TokensFrom, a.Devices = p.Now(), nil
		if c.IssuedAt.After(a.TokensFrom) {
			a.TokensFrom = c.IssuedAt
		}
		a.SignInWrites++
		return a, nil
	})
}

// logout ends the caller's sign-in. Its device stays known.
func (p Ports) logout(w http.ResponseWriter, r *http.Request) error {
	return p.edit(w, r, func(c realname.Caller, a realname.Account) (realname.Account, error) {
		return a.SignedOut(c.SignInID), nil
	})
}

func (p Ports) edit(
	w http.ResponseWriter, r *http.Request, by func(realname.Caller, realname.Account) (realname.Account, error),
) error {
	caller, err := httpapi.Caller(r.Context())
	if err != nil {
		return err
	}
	_, err = p.Store.EditSignIns(r.Context(), caller, func(a realname.Account) (realname.Account, error) {
		return by(caller, a)
	})
	if err == nil {
		w.WriteHeader(http.StatusNoContent)
	}
	return err
}

// renew issues another token of the caller's sign-in, which therefore does not end by
// inactivity. It ends some time after the password nevertheless.
func (p Ports) renew(w http.ResponseWriter, r *http.Request) error {
	caller, err := httpapi.Caller(r.Context())
	if err != nil {
		return err
	}
	asOf := p.Now()
	a, err := p.Store.EditSignIns(r.Context(), caller, func(a realname.Account) (realname.Account, error) {
		asOf = p.Now()
		d, ok := a.SignIn(caller.SignInID)
		if !ok || !asOf.Before(p.Life.Ends(d)) {
			return a, &realname.Error{Code: realname.CodeTokenRevoked}
		}
		return a.WithUse(caller.SignInID, asOf), nil
	})
	if err != nil {
		return err
	}
	d, _ := a.SignIn(caller.SignInID)
	return p.answer(w, r, a, d, asOf)
}

// answer issues a token of the device's sign-in.
func (p Ports) answer(
	w http.ResponseWriter, r *http.Request, a realname.Account, d realname.Device, asOf time.Time,
) error {
	ends := p.Life.Ends(d)
	token, claims, err := p.Issuer.Issue(r.Context(), auth.Subject{
		AccountID: a.ID, USCC: a.USCC, SignInID: d.SignInID, TokensFrom: a.TokensFrom, EndsAt: ends,
	}, asOf)
	if err != nil {
		return err
	}
	return httpapi.WriteJSON(w, http.StatusOK, api.LoginResponse{
		Token: token, ExpiresAt: claims.ExpiresAt.UTC(), EndsAt: ends.UTC(),
	})
}
