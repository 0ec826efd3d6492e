package server

import (
	"context"
	"crypto/rand"
	"net/http"
	"time"

	bankcallback "realname/functions/bank-callback"
	bankredirect "realname/functions/bank-redirect"
	bankreturns "realname/functions/bank-returns"
	banksandbox "realname/local/sandbox/bank"
	"realname/shared/bank"
	"realname/shared/clock"
	"realname/shared/httpapi"
	"realname/shared/store"
	"realname/shared/vault"
	"realname/shared/verification"
	"realname/shared/wiring"
)

// slowCallback is how long the sandbox bank's slow callback takes.
const slowCallback = 8 * time.Second

// connectBanks creates the functions of the bank UKey method.
func (s *Server) connectBanks(v *verification.Verification, view httpapi.SessionView) {
	banks := func() bank.Directory {
		return bank.NewDirectory(s.store(), s.form.settingsLife, s.now)
	} // one for each function, as deployed
	s.functions["bank-redirect"] = httpapi.Lambda(bankredirect.New(bankredirect.Ports{
		API: s.api(), Verification: v, View: view, Banks: banks(), Site: s.form.site,
		Hander: bank.Hander{Sealer: v.Sealer, Now: s.now, NewNonce: rand.Text, Random: rand.Reader},
	}))
	s.functions["bank-callback"] = httpapi.Lambda(bankcallback.New(bankcallback.Ports{
		API: s.api(), Verification: v, Banks: banks(),
		Refusals: &bank.Refusals{Save: s.store().SaveRefusals, Writer: wiring.NewID(), Now: s.now},
	}))
	s.functions["bank-returns"] = httpapi.Lambda(bankreturns.New(bankreturns.Ports{
		API: s.api(), Verification: v, Banks: banks(), ResultPage: s.form.resultPage,
	}))
}

// addBanks adds the sandbox's banks to the settings, as staff would.
func (s *Server) addBanks(ctx context.Context, seal *vault.Vault) error {
	banks, err := banksandbox.Settings(seal)
	if err != nil {
		return err
	}
	for _, b := range banks {
		entry := store.Setting[bank.Bank]{Name: b.Code, Value: b}
		if err := store.SaveSetting(ctx, store.New(s.table), store.BankSettings, entry); err != nil {
			return err
		}
	}
	return nil
}

// sandboxBank creates the sandbox bank of the settings.
func (s *Server) sandboxBank(ctx context.Context) (http.Handler, error) {
	return banksandbox.New(ctx, banksandbox.Config{
		Client: &http.Client{Timeout: 10 * time.Second}, Now: s.now, NewID: wiring.NewID, Nonce: rand.Text,
		Wait: clock.Wait, Slow: slowCallback,
	})
}
