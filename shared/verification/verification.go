package verification

import (
	"context"
	"time"

	"realname/shared/realname"
)

// Verification runs the use cases of a session.
type Verification struct {
	*realname.Ports
	Workflow realname.Workflow
	Registry realname.Registry
	// SecondOpinion asks one more registry if the first finds an element different.
	SecondOpinion bool
	IDCards       realname.IDCards
	BankCards     realname.BankCards
	SMS           realname.SMS
	Cards         realname.Cards
	NewCode       func() (string, error) // returns a six-digit SMS code
	// NewChallenge returns the random text that a card signs.
	NewChallenge func() (string, error)
	// RepairAfter is how old an undelivered signal is before repair resends it.
	RepairAfter time.Duration
	// Watch hears a session's changes until stop. Its pause returns after d, or earlier
	// when the session may have changed. A nil Watch hears nothing: every pause takes d.
	Watch func(sessionID string) (pause func(ctx context.Context, d time.Duration) error, stop func())
}

// Watching is Watch, or pauses of their whole time without it.
func (v *Verification) Watching(sessionID string) (pause func(context.Context, time.Duration) error, stop func()) {
	if v.Watch == nil {
		return v.Wait, func() {}
	}
	return v.Watch(sessionID)
}
