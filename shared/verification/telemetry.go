package verification

import (
	"context"
	"log/slog"
	"time"

	"realname/shared/realname"
	"realname/shared/telemetry/metric"
)

// logDecision writes the one line of a decision, which CloudWatch counts by step
// and outcome. It holds identifiers and codes, nothing that was typed.
func (v *Verification) logDecision(ctx context.Context, s realname.Session, a realname.Attempt, now time.Time) {
	outcome := "passed"
	if !a.Passed {
		outcome = string(a.Code)
	}
	v.Log.LogAttrs(ctx, slog.LevelInfo, "step decided", append(
		metric.Count(now, "StepsDecided", 1, metric.By("Step", string(a.Step)), metric.By("Outcome", outcome)),
		slog.String("sessionId", s.ID), slog.String("method", string(s.Method)), slog.String("by", string(a.By)),
		slog.String("provider", a.Evidence.Provider), slog.String("providerRequestId", a.Evidence.RequestID),
	)...)
}

// logClosed writes the one line of a session that has closed, in whichever way,
// and none of one that was closed before or lives on. Of one that an operator
// closed, whose lines nobody counts, the function writes it that notes that the
// workflow has heard.
func (v *Verification) logClosed(ctx context.Context, before, s realname.Session) {
	closed := before.Live() && !s.Live()
	if s.ClosedBy != "" {
		closed = before.Signal != nil && s.Signal == nil
	}
	if !closed || v.Actor != "" {
		return
	}
	v.Log.LogAttrs(ctx, slog.LevelInfo, "session closed", append(
		metric.Count(s.ClosedAt, "SessionsClosed", 1, metric.By("Status", string(s.Closed)), metric.By("Method", string(s.Method))),
		slog.String("sessionId", s.ID),
	)...)
}
