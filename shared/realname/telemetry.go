package realname

import (
	"context"
	"log/slog"
	"time"

	"realname/shared/metric"
)

// logDecision writes the one line of a decision, which CloudWatch counts by step
// and outcome. It holds identifiers and codes, nothing that was typed.
func (v *Verification) logDecision(ctx context.Context, s Session, a Attempt, now time.Time) {
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
func (v *Verification) logClosed(ctx context.Context, before, s Session) {
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

// logSent writes the one line of a code that a carrier has taken.
func (v *Verification) logSent(ctx context.Context, m SMSMessage, sent CheckResult) {
	v.Log.LogAttrs(ctx, slog.LevelInfo, "sms code sent", append(
		metric.Count(v.Now(), "SMSSent", 1, metric.By("Purpose", string(m.Purpose))),
		slog.String("provider", sent.Provider), slog.String("providerRequestId", sent.RequestID),
	)...)
}
