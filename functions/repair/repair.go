// Package repair runs every minute: it sends workflow signals again that were
// lost between a commit and its signal, and closes sessions that their workflow
// left behind.
package repair

import (
	"context"
	"log/slog"

	"github.com/aws/aws-lambda-go/events"

	"realname/shared/telemetry/metric"
	"realname/shared/verification"
)

// Ports is what the function needs from outside.
type Ports struct {
	Verification *verification.Verification
	Log          *slog.Logger
}

// Function answers the schedule's event.
type Function func(ctx context.Context, _ events.EventBridgeEvent) (verification.Repaired, error)

// New returns the function.
func New(p Ports) Function {
	return func(ctx context.Context, _ events.EventBridgeEvent) (verification.Repaired, error) {
		done, err := p.Verification.Repair(ctx)
		if done.Signalled > 0 || done.Finished > 0 {
			level := slog.LevelInfo // a signal is also sent again when nobody could note that it had arrived
			if done.Finished > 0 {
				level = slog.LevelWarn // a workflow left a session behind
			}
			p.Log.LogAttrs(ctx, level, "sessions repaired",
				append(metric.Count(p.Verification.Now(), "RepairSignals", done.Signalled),
					slog.Int("looked", done.Looked), slog.Int("signalled", done.Signalled), slog.Int("finished", done.Finished))...)
		}
		return done, err
	}
}
