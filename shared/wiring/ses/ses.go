// Package ses connects the use cases of accounts to the e-mail provider of the stage's
// configuration. Only the function that sends e-mail imports it.
package ses

import (
	"sync"

	"realname/shared/accounts"
	"realname/shared/awsapi"
	"realname/shared/provider/ses"
	"realname/shared/wiring"
)

// Connect connects the e-mail provider to the accounts. If the stage has none, e-mail
// stays unavailable.
func Connect(p wiring.Ports, a *accounts.Accounts) *accounts.Accounts {
	c := p.Config.Mail
	if c.From == "" {
		return a
	}
	client := sync.OnceValue(func() *awsapi.Client {
		cfg := p.AWS()
		if c.Region != "" {
			cfg.Region = c.Region
		}
		return awsapi.New(cfg, awsapi.SES)
	})
	a.Mail = ses.New(client, c.From, c.Origin)
	return a
}
