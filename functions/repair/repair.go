// Package repair runs every minute. It resends workflow signals that were lost after a
// commit, closes sessions whose deadline has passed, and those that their workflow left
// open. It also counts the requests for erasure that staff have left unanswered.
package repair

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"realname/shared/telemetry/metric"
	"realname/shared/verification"
)

// Ports is what the function needs from outside.
type Ports struct {
	Verification *verification.Verification
	// Overdue counts the requests for erasure whose answer is overdue.
	Overdue func(ctx context.Context, now time.Time) (int, error)
	Log     *slog.Logger
}

// Function handles the schedule's event.
type Function func(ctx context.Context, _ events.EventBridgeEvent) (verification.Repaired, error)

// New returns the function.
func New(p Ports) Function {
	return func(ctx context.Context, _ events.EventBridgeEvent) (verification.Repaired, error) {
		done, err := p.Verification.Repair(ctx)
		if done.Signalled+done.Expired+done.Finished > 0 { //nolint:misspell // the name of the field
			level := slog.LevelInfo // a resent signal may have arrived before: no reason to worry
			if done.Finished > 0 {
				level = slog.LevelWarn // a workflow left a session open
			}
			signals := metric.Count(p.Verification.Now(), "RepairSignals", done.Signalled) //nolint:misspell // see above
			p.Log.LogAttrs(ctx, level, "sessions repaired", append(signals, slog.Int("looked", done.Looked),
				slog.Int("signalled", done.Signalled), slog.Int("expired", done.Expired), //nolint:misspell // see above
				slog.Int("finished", done.Finished))...)
		}
		return done, errors.Join(err, p.tellOverdue(ctx))
	}
}

// tellOverdue logs how many requests for erasure are overdue, if any are.
func (p Ports) tellOverdue(ctx context.Context) error {
	now := p.Verification.Now()
	n, err := p.Overdue(ctx, now)
	if n > 0 {
		p.Log.LogAttrs(ctx, slog.LevelWarn, "requests for erasure are overdue", metric.Count(now, "ErasuresOverdue", n)...)
	}
	return err
}
