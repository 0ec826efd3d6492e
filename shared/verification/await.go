package verification

import (
	"context"
	"time"

	"realname/shared/realname"
)

// openWait limits how long a submission waits for the workflow.
const openWait = 2 * time.Second

// signalTakes is how long the workflow normally takes at most from a signal until it has
// opened the next step. A signal that is older may be lost, and so may one for which a
// submission has waited that long: the clock of the function that made it can be ahead.
const signalTakes = 250 * time.Millisecond

// ready returns nil if the session and the account's day accept an answer to the step
// now. If the consent text has changed since the user accepted it, no step takes data
// before the user accepts the new one.
// Errors: CodeAttemptsExhausted, CodeStepNotOpen, CodeConsent.
func (v *Verification) ready(view realname.SessionView, step realname.StepName) error {
	if err := view.Session.Answerable(step, v.Now()); realname.CodeOf(err) == realname.CodeAttemptsExhausted {
		return &realname.Error{
			Code: realname.CodeAttemptsExhausted, RetryAfter: v.nextTry(view.Session, view.Day),
			AttemptsLeft: new(int),
		}
	} else if err != nil {
		return err
	}
	if s := view.Session; !v.Recipients.Accepts(s.Method, s.Consent.Version) {
		return &realname.Error{Code: realname.CodeConsent}
	}
	return v.triesLeftToday(view.Day)
}

// awaitOpen waits until the workflow has opened the step, which normally takes
// milliseconds after the previous step. A signal that may be lost is sent again until the
// workflow takes it. awaitOpen checks every newly read view with ready.
func (v *Verification) awaitOpen(
	ctx context.Context, r SubmitRequest, q realname.SessionQuery, view realname.SessionView, step realname.StepName,
) (realname.SessionView, error) {
	began, delivered := v.Now(), false
	lost := func(s *realname.Signal) bool {
		now := v.Now()
		return s != nil && (now.Sub(s.Since) >= signalTakes || now.Sub(began) >= signalTakes)
	}
	open := func() (bool, error) {
		if view.Reply != nil {
			return true, nil
		}
		if err := v.ready(view, step); err != nil {
			return false, err
		}
		if view.Open != nil && view.Open.Step == step {
			return true, nil
		}
		if !delivered && lost(view.Session.Signal) {
			delivered = v.deliver(ctx, view.Session, view.Open)
		}
		return false, nil
	}
	done, err := open()
	if done || err != nil {
		return view, err
	}
	done, err = v.poll(ctx, q.SessionID, func() (bool, error) {
		if view, err = v.Store.LoadSession(ctx, q); err != nil {
			return false, err
		}
		view = v.remembered(r, step, view)
		return open()
	})
	if !done && err == nil {
		err = &realname.Error{Code: realname.CodeStepNotOpen, RetryAfter: openWait}
	}
	return view, err
}

// poll calls look until it is done or fails, after pauses that grow from 20 ms to
// 250 ms and end when the session changes. After openWait it returns false.
func (v *Verification) poll(
	ctx context.Context, sessionID string, look func() (done bool, err error),
) (done bool, err error) {
	pause, stop := v.Watching(sessionID)
	defer stop()
	d := 20 * time.Millisecond
	for end := v.Now().Add(openWait); v.Now().Before(end); d = min(2*d, 250*time.Millisecond) {
		if err := pause(ctx, d); err != nil {
			return false, err
		}
		if done, err := look(); done || err != nil {
			return done, err
		}
	}
	return false, nil
}
