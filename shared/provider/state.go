package provider

import (
	"context"
	"time"
)

// State is what all function instances share about one check of one provider:
// who may send how much, and whether it is worth asking at all.
type State struct {
	// Lanes are the shares of the provider's rate: each is worth hardly less than one request a
	// second and leased to one instance until the given time.
	Lanes []time.Time `json:"lanes"`
	// OpenUntil is until when nobody asks the provider; zero while it is well.
	OpenUntil time.Time `json:"openUntil,omitzero"`
	// Trips counts how often in a row the provider was found down.
	Trips int `json:"trips,omitempty"`
	// ProbeUntil is until when one instance tries whether the provider is back.
	ProbeUntil time.Time `json:"probeUntil,omitzero"`
	Version    int64     `json:"-"`
}

// States keeps the state of each check, by its name.
type States interface {
	// LoadProviderState reads a state; one that does not exist is zero.
	LoadProviderState(ctx context.Context, name string) (State, error)
	// SaveProviderState replaces the version it was made from.
	// Errors: realname.ErrStale when another instance was first.
	SaveProviderState(ctx context.Context, name string, s State) error
}
