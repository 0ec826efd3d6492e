package provider

import (
	"context"
	"time"
)

// State is the state of one check of one provider that all function instances share:
// the division of the rate, and whether the breaker is open.
type State struct {
	// Lanes are the shares of the provider's rate. Each allows slightly less than one
	// request per second and is leased to one instance until the given time.
	Lanes []time.Time `json:"lanes"`
	// OpenUntil is the end of the time in which no instance asks the provider; zero
	// while the provider works.
	OpenUntil time.Time `json:"openUntil,omitzero"`
	// Trips counts how often in a row the provider was down.
	Trips int `json:"trips,omitempty"`
	// ProbeUntil is the end of the time in which one instance probes the provider.
	ProbeUntil time.Time `json:"probeUntil,omitzero"`
	Version    int64     `json:"-"`
}

// States stores the state of each check by its name.
type States interface {
	// LoadProviderState returns a state, or the zero state if none exists.
	LoadProviderState(ctx context.Context, name string) (State, error)
	// SaveProviderState replaces the state with the version of s.
	// Errors: realname.ErrStale if another instance replaced it first.
	SaveProviderState(ctx context.Context, name string, s State) error
}
