package server

import (
	"context"
	"fmt"

	accountcard "realname/functions/account-card"
	cardanswer "realname/functions/card-answer"
	cardchallenge "realname/functions/card-challenge"
	"realname/local/data"
	eportsandbox "realname/local/sandbox/eport"
	"realname/shared/eport"
	"realname/shared/httpapi"
	"realname/shared/store"
	"realname/shared/verification"
	eportwiring "realname/shared/wiring/eport"
)

// openCards creates the sandbox's E-Port, with a card for every enterprise.
func (s *Server) openCards(accounts []data.Account) (err error) {
	var enterprises []eportsandbox.Enterprise
	for _, a := range accounts {
		enterprises = append(enterprises, eportsandbox.Enterprise{
			LoginName: a.LoginName, Name: a.Enterprise.Name, USCC: a.Enterprise.USCC,
		})
	}
	dir := ""
	if s.opts.State != nil {
		dir = s.opts.State.Cards()
	}
	if s.Card, err = eportsandbox.New(enterprises, dir, s.now); err != nil {
		return fmt.Errorf("sandbox card: %w", err)
	}
	return nil
}

// trustCards makes the service trust the sandbox's authorities. This server publishes
// their revocation lists, at an address that each start may change. A kept policy
// stays.
func (s *Server) trustCards(ctx context.Context, url string) error {
	s.Card.PublishedAt(url)
	for name, value := range s.Card.Settings() {
		set := func(e *store.Setting[eport.Setting]) error {
			if e.Version == 0 || value.Policy == nil {
				e.Value = value
			}
			return nil
		}
		if err := store.ChangeSetting(ctx, store.New(s.table), store.CardSettings, name, set); err != nil {
			return fmt.Errorf("sandbox card: %w", err)
		}
	}
	return nil
}

// connectCards creates the functions of the E-Port card method.
func (s *Server) connectCards(v *verification.Verification, view httpapi.SessionView) {
	eportwiring.Connect(v, eportwiring.Verifier(s.store(), s.form.settingsLife, s.now, s.opts.Log))
	s.functions["card-challenge"] = httpapi.Lambda(cardchallenge.New(cardchallenge.Ports{
		API: s.api(), Verification: v, View: view,
	}))
	s.functions["card-answer"] = httpapi.Lambda(cardanswer.New(cardanswer.Ports{
		API: s.api(), Verification: v, View: view,
	}))
	s.functions["account-card"] = httpapi.Lambda(accountcard.New(accountcard.Ports{
		API: s.api(), Verification: v, View: view,
	}))
}
