package provider

import (
	"context"
	"time"
)

// Setting holds what staff decide about a provider at run time.
type Setting struct {
	Off bool      `json:"off,omitempty"` // the provider is switched off for every check
	At  time.Time `json:"at,omitzero"`   // of the latest switch
	By  string    `json:"by,omitempty"`  // the member of staff who switched
	// Prices are the contract's prices, by check. A check without one costs nothing that the
	// service knows of.
	Prices Prices `json:"prices,omitempty"`
}

// Settings reads the setting of each provider that has one, by name.
type Settings func(ctx context.Context) (map[string]Setting, error)

// Off reports whether the provider is switched off.
func (s Settings) Off(ctx context.Context, name string) (bool, error) {
	all, err := s(ctx)
	return all[name].Off, err
}
