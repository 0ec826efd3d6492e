package verification

import (
	"context"
	"log/slog"
	"slices"

	"realname/shared/realname"
)

// deliver tells the workflow what the session's signal says. It reports whether
// the workflow has it now; a failure is logged and left to repair, since the
// decision is stored already.
func (v *Verification) deliver(ctx context.Context, s realname.Session, open *realname.OpenStep) bool {
	delivered, err := v.send(ctx, s, open)
	if err != nil {
		v.Log.LogAttrs(ctx, slog.LevelWarn, "workflow signal not delivered, repair will",
			slog.String("sessionId", s.ID), slog.String("signal", string(s.Signal.Kind)), slog.String("error", err.Error()))
	}
	return delivered
}

func (v *Verification) send(ctx context.Context, s realname.Session, open *realname.OpenStep) (delivered bool, err error) {
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
	case at > want: // the workflow is beyond it, so it has heard
		return true, nil
	case at < want && s.Signal.Kind == realname.SignalEnded:
		// The workflow may never hear that this step passed, so it ends here. Should
		// it have heard and be on its way, it is told again where it arrives.
		return false, v.Workflow.Ended(ctx, open.TaskToken, s.Closed)
	case at < want: // not yet open: delivered when it opens
		return false, nil
	case s.Signal.Kind == realname.SignalPassed:
		err = v.Workflow.Passed(ctx, open.TaskToken)
	default:
		err = v.Workflow.Ended(ctx, open.TaskToken, s.Closed)
	}
	return err == nil, err
}
