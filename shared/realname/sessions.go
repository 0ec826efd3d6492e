package realname

import (
	"context"
	"errors"
)

// Cancel ends a session by its user's wish, at once: a new one of the same
// method may start. Canceling again is no error.
// Errors: CodeTokenRevoked, CodeNotFound, CodeSessionClosed, CodeConflict.
func (v *Verification) Cancel(ctx context.Context, c Caller, sessionID string) (Session, error) {
	for range commitTries {
		s, err := v.cancelOnce(ctx, c, sessionID)
		if !errors.Is(err, ErrStale) {
			return s, err
		}
	}
	return Session{}, &Error{Code: CodeConflict}
}

func (v *Verification) cancelOnce(ctx context.Context, c Caller, sessionID string) (Session, error) {
	view, err := v.ownSession(ctx, c, SessionQuery{SessionID: sessionID, USCC: c.USCC})
	if err != nil {
		return Session{}, err
	}
	if view.Session.Closed == Canceled {
		return view.Session, nil
	}
	now := v.Now()
	s, effects, err := Next(view.Session, CanceledByUser{}, v.Limits, now)
	if err != nil {
		return Session{}, err
	}
	change, err := v.changeOf(s, effects, view, nil, now)
	if err != nil {
		return Session{}, err
	}
	if err := v.Store.Commit(ctx, change); err != nil {
		return Session{}, err
	}
	v.logClosed(ctx, view.Session, s)
	v.deliver(ctx, s, view.Open)
	return s, nil
}

// CancelByOperator ends anybody's session, in the name of Actor. The workflow
// hears of it by repair.
// Errors: CodeNotFound, CodeSessionClosed, CodeConflict.
func (v *Verification) CancelByOperator(ctx context.Context, sessionID string) (Session, error) {
	for range commitTries {
		view, err := v.Store.LoadSession(ctx, SessionQuery{SessionID: sessionID})
		if err != nil {
			return Session{}, err
		}
		if view.Session.ID == "" {
			return Session{}, &Error{Code: CodeNotFound}
		}
		if view.Session.Closed == Canceled {
			return view.Session, nil
		}
		s, effects, err := Next(view.Session, CanceledByUser{}, v.Limits, v.Now())
		if err != nil {
			return Session{}, err
		}
		c, err := v.changeOf(s, effects, view, nil, v.Now())
		if err != nil {
			return Session{}, err
		}
		err = v.Store.Commit(ctx, c)
		if !errors.Is(err, ErrStale) {
			return s, err
		}
	}
	return Session{}, &Error{Code: CodeConflict}
}

// Session reads a session for its owner.
// Errors: CodeTokenRevoked, CodeNotFound.
func (v *Verification) Session(ctx context.Context, c Caller, sessionID string) (SessionView, error) {
	view, err := v.ownSession(ctx, c, SessionQuery{SessionID: sessionID, Remark: true})
	if r := view.Remark; r != nil && r.At.After(view.Session.ChangedAt) && view.Session.Live() {
		view.Session.LastError = &r.LastError
	}
	return view, err
}

// ownSession reads what the query names of a session, for its owner alone.
// Errors: CodeTokenRevoked, CodeNotFound.
func (v *Verification) ownSession(ctx context.Context, c Caller, q SessionQuery) (SessionView, error) {
	q.AccountID = c.AccountID
	view, err := v.Store.LoadSession(ctx, q)
	if err != nil {
		return SessionView{}, err
	}
	if err := Admit(c, view.Account); err != nil {
		return SessionView{}, err
	}
	return view, own(c, view.Session)
}

// List returns the caller's sessions, the newest first.
// Errors: CodeTokenRevoked, CodeInvalidRequest for a cursor that is none.
func (v *Verification) List(ctx context.Context, c Caller, limit int, after string) ([]Session, string, error) {
	view, err := v.Store.LoadAccount(ctx, AccountQuery{AccountID: c.AccountID})
	if err != nil {
		return nil, "", err
	}
	if err := Admit(c, view.Account); err != nil {
		return nil, "", err
	}
	return v.Store.ListSessions(ctx, c.AccountID, limit, after)
}
