// Package client connects a function to the machine clients of the stage.
package client

import (
	"realname/shared/auth/client"
	"realname/shared/store"
	"realname/shared/wiring"
	storewiring "realname/shared/wiring/store"
)

// Clients returns the machine clients and their limiter.
func Clients(p wiring.Ports) (*store.Settings[client.Client], *client.Limiter) {
	s := storewiring.Store(p)
	return &store.Settings[client.Client]{Store: s, Kind: store.ClientSettings, Life: store.SettingsLife, Now: p.Now},
		&client.Limiter{Allowance: s, Now: p.Now}
}
