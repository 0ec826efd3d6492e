package realname

import (
	"context"
	"errors"
	"fmt"
)

// finishTries bounds how often Finish reads again when other requests keep
// changing the account or the enterprise; the workflow retries beyond that.
const finishTries = 5

// Finish closes a session whose workflow has come to its end. It may be called
// any number of times: a closed session stays as it is.
func (v *Verification) Finish(ctx context.Context, sessionID string) (Status, error) {
	for range finishTries {
		view, e, err := v.Store.LoadForFinish(ctx, sessionID)
		if err != nil {
			return "", fmt.Errorf("load session %s: %w", sessionID, err)
		}
		if view.Session.ID == "" {
			return "", &Error{Code: CodeNotFound, SessionID: sessionID}
		}
		now := v.Now()
		var event Event = WorkflowEnded{}
		if !view.Session.standsOn(view.Account, e) {
			event = GroundChanged{}
		}
		s, effects, err := Next(view.Session, event, v.Limits, now)
		if err != nil {
			return "", err
		}
		if len(effects) == 0 && view.Session.Signal == nil {
			return s.Closed, nil
		}
		c, err := v.changeOf(s, effects, view, &e, now)
		if err != nil {
			return "", err
		}
		err = v.Store.Commit(ctx, c)
		if err == nil {
			v.logClosed(ctx, view.Session, s)
			return s.Closed, nil
		}
		if !errors.Is(err, ErrStale) {
			return "", fmt.Errorf("close session %s: %w", sessionID, err)
		}
	}
	return "", &Error{Code: CodeConflict, SessionID: sessionID}
}
