package verification

import (
	"context"
	"errors"
	"fmt"

	"realname/shared/realname"
)

// finishTries limits how often Finish reads again if other requests keep changing
// the account or the enterprise. After that, the workflow retries.
const finishTries = 5

// Finish closes a session whose workflow has ended. It is idempotent: a closed
// session does not change.
func (v *Verification) Finish(ctx context.Context, sessionID string) (realname.Status, error) {
	for range finishTries {
		view, e, err := v.Store.LoadForFinish(ctx, sessionID)
		if err != nil {
			return "", fmt.Errorf("load session %s: %w", sessionID, err)
		}
		if view.Session.ID == "" {
			return "", &realname.Error{Code: realname.CodeNotFound, SessionID: sessionID}
		}
		now := v.Now()
		var event realname.Event = realname.WorkflowEnded{}
		if !view.Session.StandsOn(view.Account, e) {
			event = realname.GroundChanged{}
		}
		s, effects, err := realname.Next(view.Session, event, v.Limits, now)
		if err != nil {
			return "", err
		}
		if len(effects) == 0 && view.Session.Signal == nil {
			return s.Closed, nil
		}
		c, err := v.apply(s, effects, view, &e, now)
		if err != nil {
			return "", err
		}
		err = v.Store.Commit(ctx, c.whole())
		if err == nil {
			v.logClosed(ctx, view.Session, s)
			return s.Closed, nil
		}
		if !errors.Is(err, realname.ErrStale) {
			return "", fmt.Errorf("close session %s: %w", sessionID, err)
		}
	}
	return "", &realname.Error{Code: realname.CodeConflict, SessionID: sessionID}
}
