package verification

import (
	"time"

	"realname/shared/realname"
)

// Verification runs the use cases of a session.
type Verification struct {
	*realname.Ports
	Workflow  realname.Workflow
	Registry  realname.Registry
	IDCards   realname.IDCards
	BankCards realname.BankCards
	SMS       realname.SMS
	Cards     realname.Cards
	NewCode   func() (string, error) // returns a six-digit SMS code
	// NewChallenge returns the random text that a card signs.
	NewChallenge func() (string, error)
	// RepairAfter is how old an undelivered signal is before repair resends it.
	RepairAfter time.Duration
}
