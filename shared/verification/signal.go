package verification

import (
	"context"
	"errors"
	"log/slog"
	"slices"

	"realname/shared/realname"
)

// deliver sends the session's signal to the workflow and reports whether the
// workflow has it. The decision is already stored, so deliver only logs a failure;
// Repair sends the signal again.
func (v *Verification) deliver(ctx context.Context, s realname.Session, open *realname.OpenStep) bool {
	delivered, err := v.send(ctx, s, open)
	if err != nil {
		v.Log.LogAttrs(ctx, slog.LevelWarn, "workflow signal not delivered, repair will",
			slog.String("sessionId", s.ID), slog.String("signal", string(s.Signal.Kind)),
			slog.String("error", err.Error()))
	}
	return delivered
}

func (v *Verification) send(
	ctx context.Context, s realname.Session, open *realname.OpenStep,
) (delivered bool, err error) {
	if s.Signal == nil {
		return true, nil
	}
	if s.Signal.Kind == realname.SignalStart {
		err := v.begin(ctx, s)
		return err == nil, err
	}
	if open == nil {
		return false, nil
	}
	steps := s.Method.Steps()
	at, want := slices.Index(steps, open.Step), slices.Index(steps, s.Signal.Step)
	switch {
	case at > want: // the workflow is past that step, so it has the signal
		return true, nil
	case s.Signal.Kind == realname.SignalEnded:
		// If an earlier step is open, the workflow may never receive the pass of that step,
		// so it ends there. If it has received the pass and moves on, Repair ends it at its
		// next step.
		err = v.Workflow.Ended(ctx, open.TaskToken, s.Closed)
	case at < want: // the step is not open yet; the signal is delivered once it is
		return false, nil
	default:
		err = v.Workflow.Passed(ctx, open.TaskToken)
	}
	if errors.Is(err, realname.ErrNotWaiting) {
		// Normally the workflow moves on at this moment. But if the answer to the write that
		// opened the step was lost, the workflow opens the step again, with another token.
		return false, nil
	}
	return err == nil && at == want, err
}

// begin starts the session's execution, unless it is started already.
func (v *Verification) begin(ctx context.Context, s realname.Session) error {
	return v.Workflow.Start(ctx, realname.Execution{SessionID: s.ID, Method: s.Method, RequestID: s.RequestID})
}
