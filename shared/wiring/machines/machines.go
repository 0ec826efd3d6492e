// Package machines connects a function to the machine clients of the stage.
package machines

import (
	"realname/shared/machine"
	"realname/shared/store"
	"realname/shared/wiring"
	"realname/shared/wiring/storage"
)

// Clients returns the machine clients, and what limits them.
func Clients(p wiring.Ports) (*store.Settings[machine.Client], *machine.Limiter) {
	s := storage.Store(p)
	return &store.Settings[machine.Client]{Store: s, Kind: store.ClientSettings, Life: store.SettingsLife, Now: p.Now},
		&machine.Limiter{Allowance: s, Now: p.Now}
}
