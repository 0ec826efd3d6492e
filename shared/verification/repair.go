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

// finishGrace is the time that the workflow has to close a session whose steps have
// all passed, as a multiple of RepairAfter. After that, Repair closes the session.
const finishGrace = 4

// Repaired counts the results of one run of Repair.
type Repaired struct {
	Looked    int `json:"looked"`    // sessions read
	Signalled int `json:"signalled"` //nolint:misspell // another package uses the name; signals sent again
	Expired   int `json:"expired"`   // sessions closed because their deadline has passed
	Finished  int `json:"finished"`  // sessions closed that their workflow left open
}

// Repair reads every session that is listed for a look. It sends an old signal again,
// closes the sessions whose deadline has passed or whose workflow left them open, and lists
// the others again by the time of their next look. If one session fails, Repair continues
// with the others; the error quotes the first few failures.
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
	if s.ID == "" {
		return nil
	}
	late := !now.Before(s.Deadline().Add(v.RepairAfter))
	if s.Live() && s.Signal == nil && !late { // shortly after its deadline, its workflow closes it
		return v.lookLater(ctx, s)
	}
	if late {
		closed, err := v.expire(ctx, view)
		if closed {
			done.Expired++
		}
		if closed || err != nil {
			return err
		}
	}
	if s.Signal == nil {
		return v.finishLeft(ctx, view, done)
	}
	age := now.Sub(s.Signal.Since)
	if age < v.RepairAfter {
		return v.lookLater(ctx, s)
	}
	drop := !now.Before(s.ExpiresAt.Add(time.Hour))
	if s.Signal.Kind == realname.SignalEnded && view.Open == nil && !drop {
		// The session closed before its execution began. The execution begins now, and hears
		// of the end in its first step. Otherwise the session would stay among the oldest
		// that Repair reads, and many of them would keep it from the others.
		if err := v.begin(ctx, s); err != nil {
			return err
		}
	}
	delivered, err := v.send(ctx, s, view.Open)
	passed := s.Status(now) == realname.Processing
	if passed && age >= finishGrace*v.RepairAfter { // even if the workflow has the signal
		return v.finishLeft(ctx, view, done)
	}
	if err != nil {
		return err
	}
	if passed {
		if delivered {
			done.Signalled++ //nolint:misspell // see Repaired
		}
		return nil
	}
	if !delivered && !drop {
		return nil
	}
	done.Signalled++ //nolint:misspell // see Repaired
	n, _, err := realname.Next(s, realname.SignalDelivered{}, v.Limits, now)
	if err != nil {
		return err
	}
	n.LookAt = time.Time{}
	if err := v.Store.Commit(ctx, realname.Writing(n)); err != nil {
		return err
	}
	v.logClosed(ctx, s, n)
	return nil
}

// lookLater lists a session in which there is nothing to do by the time at which there
// may be.
func (v *Verification) lookLater(ctx context.Context, s realname.Session) error {
	s.LookAt = time.Time{}
	return v.Store.Commit(ctx, realname.Writing(s))
}

// finishLeft closes a session that its workflow left open. It also ends the
// workflow's wait, which otherwise lasts until the step's time-out.
func (v *Verification) finishLeft(ctx context.Context, view realname.SessionView, done *Repaired) error {
	status, err := v.Finish(ctx, view.Session.ID)
	if err != nil {
		return err
	}
	done.Finished++
	if view.Open == nil {
		return nil
	}
	err = v.Workflow.Ended(ctx, view.Open.TaskToken, status)
	if err != nil && !errors.Is(err, realname.ErrNotWaiting) {
		v.Log.LogAttrs(ctx, slog.LevelWarn, "could not end the workflow of a closed session: it ends at its time-out",
			slog.String("sessionId", view.Session.ID), slog.String("error", err.Error()))
	}
	return nil
}
