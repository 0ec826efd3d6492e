// Package notify connects the delivery of the platform's events to AWS.
package notify

import (
	"net/http"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"

	"realname/shared/notify"
	bus "realname/shared/notify/eventbridge"
	"realname/shared/notify/webhook"
	"realname/shared/store"
	"realname/shared/wiring"
	storewiring "realname/shared/wiring/store"
	"realname/shared/wiring/vault"
)

// Deliverer returns the delivery over the stage's outbox, bus and webhook.
func Deliverer(p wiring.Ports) *notify.Deliverer {
	outbox := storewiring.Store(p)
	client := sync.OnceValue(func() *eventbridge.Client { return eventbridge.NewFromConfig(p.AWS()) })
	return &notify.Deliverer{
		Outbox: outbox,
		Bus:    bus.New(client, p.Config.Outbox.EventBus),
		Receiver: &webhook.Receiver{
			Targets: &store.Settings[webhook.Target]{
				Store: outbox, Kind: store.WebhookSettings, Life: store.SettingsLife, Now: p.Now,
			},
			Sealer: vault.Vault(p),
			Client: webhook.NewClient(p.Trace.Remote(http.DefaultTransport, nil)),
			Now:    p.Now,
		},
		Schedule: p.Config.Outbox.Schedule,
		Now:      p.Now, Log: p.Log,
	}
}
