package verification

import (
	"context"
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
		err := v.Workflow.Start(ctx, realname.Execution{SessionID: s.ID, Method: s.Method, RequestID: s.RequestID})
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
	case at < want && s.Signal.Kind == realname.SignalEnded:
		// The workflow may never receive the pass of this step, so it ends here. If it
		// has received the pass and moves on, Repair ends it at its next step.
		return false, v.Workflow.Ended(ctx, open.TaskToken, s.Closed)
	case at < want: // the step is not open yet; the signal is delivered once it is
		return false, nil
	case s.Signal.Kind == realname.SignalPassed:
		err = v.Workflow.Passed(ctx, open.TaskToken)
	default:
		err = v.Workflow.Ended(ctx, open.TaskToken, s.Closed)
	}
	return err == nil, err
}
