package server

import (
	"context"
	"fmt"
	"time"

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

// cardSettingsLife is how long the embedded functions cache the trust material. It
// is short, so that changes by the command line take effect at once.
const cardSettingsLife = time.Second

// openCards creates the sandbox's E-Port, with a card for every enterprise.
func (s *Server) openCards(accounts []data.Account) (err error) {
	var enterprises []eportsandbox.Enterprise
	for _, a := range accounts {
		enterprises = append(enterprises, eportsandbox.Enterprise{
			LoginName: a.LoginName, Name: a.Enterprise.Name, USCC: a.Enterprise.USCC,
		})
	}
	if s.Card, err = eportsandbox.New(enterprises, s.now); err != nil {
		return fmt.Errorf("sandbox card: %w", err)
	}
	return nil
}

// trustCards makes the service trust the sandbox's authorities. This server
// publishes their revocation lists.
func (s *Server) trustCards(ctx context.Context, url string) error {
	s.Card.PublishedAt(url)
	for name, value := range s.Card.Settings() {
		if err := store.SaveSetting(ctx, store.New(s.table), store.CardSettings, store.Setting[eport.Setting]{
			Name: name, Value: value,
		}); err != nil {
			return fmt.Errorf("sandbox card: %w", err)
		}
	}
	return nil
}

// connectCards creates the functions of the E-Port card method.
func (s *Server) connectCards(v *verification.Verification, view httpapi.SessionView) {
	eportwiring.Connect(v, eportwiring.Verifier(s.store(), cardSettingsLife, s.now, s.opts.Log))
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
