package provider

import (
	"context"
	"time"
)

// Switch is the setting with which staff switch a provider off at run time.
type Switch struct {
	Off bool      `json:"off"`
	At  time.Time `json:"at"`
	By  string    `json:"by,omitempty"` // the member of staff
}

// Switches reads the switches of the providers.
type Switches struct {
	// All returns the switch of each provider that has one.
	All func(ctx context.Context) (map[string]Switch, error)
}

// Off reports whether the provider is switched off.
func (s Switches) Off(ctx context.Context, name string) (bool, error) {
	all, err := s.All(ctx)
	return all[name].Off, err
}
