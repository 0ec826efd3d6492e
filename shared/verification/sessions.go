package verification

import (
	"context"
	"errors"

	"realname/shared/realname"
)

// Cancel closes a session at its user's request. The user can start a new session
// of the same method immediately. Canceling again is not an error.
// Errors: CodeTokenRevoked, CodeNotFound, CodeSessionClosed, CodeConflict.
func (v *Verification) Cancel(ctx context.Context, c realname.Caller, sessionID string) (realname.Session, error) {
	for range realname.CommitTries {
		s, err := v.cancelOnce(ctx, c, sessionID)
		if !errors.Is(err, realname.ErrStale) {
			return s, err
		}
	}
	return realname.Session{}, &realname.Error{Code: realname.CodeConflict}
}

func (v *Verification) cancelOnce(ctx context.Context, c realname.Caller, sessionID string) (realname.Session, error) {
	view, err := v.ownSession(ctx, c, realname.SessionQuery{SessionID: sessionID, USCC: c.USCC})
	if err != nil {
		return realname.Session{}, err
	}
	if view.Session.Closed == realname.Canceled {
		return view.Session, nil
	}
	now := v.Now()
	s, effects, err := realname.Next(view.Session, realname.CanceledByUser{}, v.Limits, now)
	if err != nil {
		return realname.Session{}, err
	}
	change, err := v.apply(s, effects, view, nil, now)
	if err != nil {
		return realname.Session{}, err
	}
	if err := v.Store.Commit(ctx, change.whole()); err != nil {
		return realname.Session{}, err
	}
	v.logClosed(ctx, view.Session, s)
	v.deliver(ctx, s, view.Open)
	return s, nil
}

// CancelByOperator closes the session of any account on behalf of Actor, a member of
// staff. Repair informs the workflow.
// Errors: CodeNotFound, CodeSessionClosed, CodeConflict.
func (v *Verification) CancelByOperator(ctx context.Context, sessionID string) (realname.Session, error) {
	for range realname.CommitTries {
		view, err := v.Store.LoadSession(ctx, realname.SessionQuery{SessionID: sessionID})
		if err != nil {
			return realname.Session{}, err
		}
		if view.Session.ID == "" {
			return realname.Session{}, &realname.Error{Code: realname.CodeNotFound}
		}
		if view.Session.Closed == realname.Canceled {
			return view.Session, nil
		}
		s, effects, err := realname.Next(view.Session, realname.CanceledByUser{}, v.Limits, v.Now())
		if err != nil {
			return realname.Session{}, err
		}
		c, err := v.apply(s, effects, view, nil, v.Now())
		if err != nil {
			return realname.Session{}, err
		}
		err = v.Store.Commit(ctx, c.whole())
		if !errors.Is(err, realname.ErrStale) {
			return s, err
		}
	}
	return realname.Session{}, &realname.Error{Code: realname.CodeConflict}
}

// Extend gives the open step of a session its whole time again, at most until the
// session's end. Asking again is not an error.
// Errors: CodeTokenRevoked, CodeNotFound, CodeSessionClosed, CodeStepNotOpen, CodeConflict.
func (v *Verification) Extend(ctx context.Context, c realname.Caller, sessionID string) (realname.Session, error) {
	for range realname.CommitTries {
		view, err := v.ownSession(ctx, c, realname.SessionQuery{SessionID: sessionID, Remark: true})
		if err != nil {
			return realname.Session{}, err
		}
		s, _, err := realname.Next(view.Session, realname.StepExtended{}, v.Limits, v.Now())
		if err != nil {
			return realname.Session{}, err
		}
		if !s.StepDue.Equal(view.Session.StepDue) {
			err = v.Store.Commit(ctx, realname.Writing(s))
		}
		if !errors.Is(err, realname.ErrStale) {
			view.Session = s
			return remarked(view).Session, err
		}
	}
	return realname.Session{}, &realname.Error{Code: realname.CodeConflict}
}

// Agree records that the user accepted the consent text in force, in a session that was
// begun under another one.
// Errors: CodeTokenRevoked, CodeNotFound, CodeConsent, CodeSessionClosed, CodeConflict.
func (v *Verification) Agree(
	ctx context.Context, c realname.Caller, sessionID, version string,
) (realname.Session, error) {
	for range realname.CommitTries {
		view, err := v.ownSession(ctx, c, realname.SessionQuery{SessionID: sessionID, Remark: true})
		if err != nil {
			return realname.Session{}, err
		}
		if !v.Recipients.Accepts(view.Session.Method, version) {
			return realname.Session{}, outdatedConsent()
		}
		s, _, err := realname.Next(view.Session, realname.ConsentGiven{Version: version}, v.Limits, v.Now())
		if err != nil {
			return realname.Session{}, err
		}
		if version != view.Session.Consent.Version {
			err = v.Store.Commit(ctx, realname.Writing(s))
		} else {
			s = view.Session // accepted before, and at that time
		}
		if !errors.Is(err, realname.ErrStale) {
			view.Session = s
			return remarked(view).Session, err
		}
	}
	return realname.Session{}, &realname.Error{Code: realname.CodeConflict}
}

// Session reads a session for its owner. A session past its deadline is closed first, so
// that the owner can start another one at once.
// Errors: CodeTokenRevoked, CodeNotFound.
func (v *Verification) Session(ctx context.Context, c realname.Caller, sessionID string) (realname.SessionView, error) {
	query := realname.SessionQuery{SessionID: sessionID, Remark: true}
	view, err := v.ownSession(ctx, c, query)
	if err != nil {
		return view, err
	}
	closed, err := v.expire(ctx, view)
	if closed || errors.Is(err, realname.ErrStale) {
		view, err = v.ownSession(ctx, c, query)
	}
	return remarked(view), err
}

// remarked shows the latest refusal that is not stored with the session.
func remarked(view realname.SessionView) realname.SessionView {
	if r := view.Remark; r != nil && r.At.After(view.Session.ChangedAt) && view.Session.Live() {
		view.Session.LastError = &r.LastError
	}
	return view
}

// expire closes the session if its deadline has passed, and reports whether it did.
func (v *Verification) expire(ctx context.Context, view realname.SessionView) (bool, error) {
	now := v.Now()
	s, effects, err := realname.Next(view.Session, realname.DeadlinePassed{}, v.Limits, now)
	if err != nil || len(effects) == 0 {
		return false, err
	}
	change, err := v.apply(s, effects, view, nil, now)
	if err != nil {
		return false, err
	}
	if err := v.Store.Commit(ctx, change.whole()); err != nil {
		return false, err
	}
	v.logClosed(ctx, view.Session, s)
	v.deliver(ctx, s, view.Open)
	return true, nil
}

// ownSession reads the records that the query names, only for the session's owner.
// Errors: CodeTokenRevoked, CodeNotFound.
func (v *Verification) ownSession(
	ctx context.Context, c realname.Caller, q realname.SessionQuery,
) (realname.SessionView, error) {
	q.AccountID = c.AccountID
	view, err := v.Store.LoadSession(ctx, q)
	if err != nil {
		return realname.SessionView{}, err
	}
	if err := realname.Admit(c, view.Account); err != nil {
		return realname.SessionView{}, err
	}
	return view, realname.Own(c, view.Session)
}

// List returns the caller's sessions, the newest first.
// Errors: CodeTokenRevoked, CodeInvalidRequest for an invalid cursor.
func (v *Verification) List(
	ctx context.Context, c realname.Caller, limit int, after string,
) (sessions []realname.Session, next string, err error) {
	view, err := v.Store.LoadAccount(ctx, realname.AccountQuery{AccountID: c.AccountID})
	if err != nil {
		return nil, "", err
	}
	if err := realname.Admit(c, view.Account); err != nil {
		return nil, "", err
	}
	return v.Store.ListSessions(ctx, c.AccountID, limit, after)
}
