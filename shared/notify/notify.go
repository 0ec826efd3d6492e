// Package notify delivers the outbox: each notice to the event bus and to the
// platform's webhook, in order within an enterprise, at least once, again with
// growing delay for a day, and then no more (docs/decisions/0009).
package notify

import (
	"context"
	"log/slog"
	"time"

	"realname/shared/realname"
)

// Outbox keeps the notices.
type Outbox interface {
	// Notices returns an enterprise's notices in order, those that were delivered
	// lately among them. unreadable counts the ones that cannot be decoded.
	Notices(ctx context.Context, uscc string) (notices []realname.Notice, unreadable int, err error)
	// SaveNotices writes notices, all or nothing, each over its version.
	// Errors: realname.ErrStale.
	SaveNotices(ctx context.Context, notices ...realname.Notice) error
	// DueNotices names, each once, enterprises with a pending notice whose next
	// try is not after the instant, the longest waiting first.
	DueNotices(ctx context.Context, at time.Time) (enterprises []string, err error)
}

// Bus publishes events, all or none.
type Bus interface {
	Publish(ctx context.Context, events []Event) error
}

// Receiver is the platform's webhook.
type Receiver interface {
	// Receive hands one event over. ErrUnreachable tells that no receiver answers,
	// any other error that it does not take this event.
	Receive(ctx context.Context, e Event) error
}

// Deliverer delivers notices.
type Deliverer struct {
	Outbox   Outbox
	Bus      Bus
	Receiver Receiver
	Schedule Schedule
	Now      func() time.Time
	Log      *slog.Logger
}

// Result counts what one run did.
type Result struct {
	Delivered int `json:"delivered"` // notices
	Failed    int `json:"failed"`    // tries
	Dead      int `json:"dead"`      // notices given up
}
