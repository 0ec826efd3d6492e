package realname

import (
	"context"
	"log/slog"
	"time"

	"realname/shared/metric"
)

// logDecision writes the one line of a decision, which CloudWatch counts by step
// and outcome. It holds identifiers and codes, nothing that was typed.
func (v *Verification) logDecision(ctx context.Context, s Session, d decision, now time.Time) {
	outcome := "passed"
	if !d.event.Passed {
		outcome = string(d.event.Code)
	}
	v.Log.LogAttrs(ctx, slog.LevelInfo, "step decided", append(
		metric.Count(now, "StepsDecided", 1, metric.By("Step", string(d.event.Step)), metric.By("Outcome", outcome)),
		slog.String("sessionId", s.ID), slog.String("method", string(s.Method)), slog.String("by", string(d.event.By)),
		slog.String("provider", d.event.Evidence.Provider), slog.String("providerRequestId", d.event.Evidence.RequestID),
	)...)
}
