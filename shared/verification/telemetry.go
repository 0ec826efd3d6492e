package verification

import (
	"context"
	"log/slog"
	"time"

	"realname/shared/realname"
	"realname/shared/telemetry/metric"
)

// logDecision logs a decision. CloudWatch counts the line by step and outcome. It
// holds identifiers and codes, but none of the user's input.
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

// logClosed logs a session that the transition has closed, exactly once. Log lines of
// staff commands are not counted, so for a session that a member of staff closed, the
// line comes from the function that notes the delivery of its signal.
func (v *Verification) logClosed(ctx context.Context, before, s realname.Session) {
	closed := before.Live() && !s.Live()
	if s.ClosedBy != "" {
		closed = before.Signal != nil && s.Signal == nil
	}
	if !closed || v.Actor != "" {
		return
	}
	v.Log.LogAttrs(ctx, slog.LevelInfo, "session closed", append(
		metric.Count(s.ClosedAt, "SessionsClosed", 1,
			metric.By("Status", string(s.Closed)), metric.By("Method", string(s.Method))),
		slog.String("sessionId", s.ID),
	)...)
}
