// Package ses connects the use cases of accounts to the e-mail provider of the stage's
// configuration. Only the function that sends e-mail imports it.
package ses

import (
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/sesv2"

	"realname/shared/accounts"
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
	client := sync.OnceValue(func() *sesv2.Client {
		cfg := p.AWS()
		if c.Region != "" {
			cfg.Region = c.Region
		}
		return sesv2.NewFromConfig(cfg)
	})
	a.Mail = ses.New(client, c.From, c.Origin)
	return a
}
