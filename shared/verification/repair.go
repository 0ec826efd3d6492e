package verification

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"realname/shared/realname"
	"realname/shared/telemetry/requestid"
)

// finishGrace is how many times RepairAfter a session whose steps all passed is
// left to its workflow before repair closes it itself.
const finishGrace = 4

// Repaired counts what one run of Repair did.
type Repaired struct {
	Looked    int `json:"looked"`
	Signalled int `json:"signalled"`
	Finished  int `json:"finished"`
}

// Repair looks at every session with an old signal or a passed deadline, sends
// the signal again, and closes what its workflow left behind. One session's
// trouble does not keep it from the others; the error tells of the first few.
func (v *Verification) Repair(ctx context.Context) (Repaired, error) {
	var done Repaired
	ids, err := v.Store.DueSessions(ctx, v.Now().Add(-v.RepairAfter))
	if err != nil {
		return done, fmt.Errorf("list due sessions: %w", err)
	}
	var failures realname.Failures
	for _, id := range ids {
		done.Looked++
		if err := v.repairOne(ctx, id, &done); err != nil && !errors.Is(err, realname.ErrStale) {
			failures.Add(fmt.Errorf("session %s: %w", id, err))
		}
	}
	return done, failures.Err()
}

func (v *Verification) repairOne(ctx context.Context, id string, done *Repaired) error {
	view, err := v.Store.LoadSession(ctx, realname.SessionQuery{SessionID: id})
	if err != nil {
		return err
	}
	s, now := view.Session, v.Now()
	ctx = requestid.With(ctx, s.RequestID)
	if s.ID == "" || s.Live() && s.Signal == nil && now.Before(s.Deadline()) {
		return nil
	}
	if s.Signal == nil {
		return v.finishLeft(ctx, view, done)
	}
	age := now.Sub(s.Signal.Since)
	if age < v.RepairAfter {
		return nil
	}
	delivered, err := v.send(ctx, s, view.Open)
	passed := s.Status(now) == realname.Processing
	if passed && age >= finishGrace*v.RepairAfter { // whatever the workflow has heard
		return v.finishLeft(ctx, view, done)
	}
	if err != nil {
		return err
	}
	if passed {
		if delivered {
			done.Signalled++
		}
		return nil
	}
	if !delivered && now.Before(s.ExpiresAt.Add(time.Hour)) {
		return nil
	}
	done.Signalled++
	n, _, err := realname.Next(s, realname.SignalDelivered{}, v.Limits, now)
	if err != nil {
		return err
	}
	if err := v.Store.Commit(ctx, realname.Writing(n)); err != nil {
		return err
	}
	v.logClosed(ctx, s, n)
	return nil
}

// finishLeft closes a session that its workflow left behind, and ends the wait
// that the workflow may still be in; without this word it lasts until the step's
// time-out.
func (v *Verification) finishLeft(ctx context.Context, view realname.SessionView, done *Repaired) error {
	status, err := v.Finish(ctx, view.Session.ID)
	if err != nil {
		return err
	}
	done.Finished++
	if view.Open == nil {
		return nil
	}
	if err := v.Workflow.Ended(ctx, view.Open.TaskToken, status); err != nil {
		v.Log.LogAttrs(ctx, slog.LevelWarn, "the workflow of a closed session waits for its time-out",
			slog.String("sessionId", view.Session.ID), slog.String("error", err.Error()))
	}
	return nil
}
