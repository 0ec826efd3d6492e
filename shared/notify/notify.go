// Package notify delivers the outbox: each notice goes to the event bus and to the
// platform's webhook, at least once and in order within an enterprise. Failed
// attempts are repeated for a day with growing delays (docs/decisions/0009).
package notify

import (
	"context"
	"log/slog"
	"time"

	"realname/shared/realname"
)

// Outbox stores the notices.
type Outbox interface {
	// Notices returns an enterprise's notices in order, including recently delivered
	// ones. unreadable counts the notices that cannot be decoded.
	Notices(ctx context.Context, uscc string) (notices []realname.Notice, unreadable int, err error)
	// SaveNotices writes notices, all or nothing, each over its version.
	// Errors: realname.ErrStale.
	SaveNotices(ctx context.Context, notices ...realname.Notice) error
	// DueNotices returns the enterprises that have a pending notice whose next attempt
	// is not after the instant, each once, the longest waiting first.
	DueNotices(ctx context.Context, at time.Time) (enterprises []string, err error)
}

// Bus publishes events, all or none.
type Bus interface {
	Publish(ctx context.Context, events []Event) error
}

// Receiver is the platform's webhook.
type Receiver interface {
	// Receive sends one event.
	// Errors: ErrUnreachable if the receiver does not respond; any other error means
	// that it refuses this event.
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

// Result counts the results of one run.
type Result struct {
	Delivered int `json:"delivered"` // notices
	Failed    int `json:"failed"`    // attempts
	Dead      int `json:"dead"`      // abandoned notices
}
