// Package notify connects the delivery of the platform's events to AWS.
package notify

import (
	"net/http"

	"realname/shared/awsapi"
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
	return &notify.Deliverer{
		Outbox: outbox,
		Bus:    bus.New(p.Client(awsapi.EventBridge), p.Config.Outbox.EventBus),
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
