// Package sns connects Amazon SNS. Only functions that send messages import it.
package sns

import (
	"sync"

	"realname/shared/awsapi"
	"realname/shared/provider/sns"
	"realname/shared/wiring"
	"realname/shared/wiring/provider"
)

// SNS returns Amazon SNS as a provider for provider.Connect.
func SNS(p wiring.Ports) provider.SMSProvider {
	return provider.SMSProvider{Name: sns.Name, SMS: Amazon(p)}
}

// Amazon returns Amazon SNS with the stage's settings.
func Amazon(p wiring.Ports) *sns.Sender {
	c := p.Config.Providers.SNS
	client := sync.OnceValue(func() *awsapi.Client {
		cfg := p.AWS()
		if c.Region != "" {
			cfg.Region = c.Region
		}
		return awsapi.NewOnce(cfg, awsapi.SNS)
	})
	return sns.New(client, c.Sender)
}
