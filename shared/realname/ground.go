package realname

import (
	"slices"
	"time"
)

// Ground is the state that a session's verdict rests on: the enterprise's count of
// changes when the session began, and the holder's when the holder's step passed.
type Ground struct {
	Enterprise int64 `json:"enterprise,omitempty"`
	Holder     int64 `json:"holder,omitempty"`
}

// StandsOn reports whether the verdict of a session still applies to the account
// and the enterprise as they are now. A session with an open step returns true: it
// is judged when its steps have passed.
func (s Session) StandsOn(a Account, e Enterprise) bool {
	if _, open := s.Current(); open {
		return true
	}
	covers := s.Method.Covers()
	if slices.Contains(covers, EnterpriseAspect) &&
		(a.USCC != s.Enterprise.USCC || e.USCC != s.Enterprise.USCC || e.Changes != s.Ground.Enterprise) {
		return false
	}
	return !slices.Contains(covers, HolderAspect) || a.HolderChanges == s.Ground.Holder
}

// lose closes a session whose ground has changed. The session verifies nothing,
// even if all its steps passed.
func lose(s Session, now time.Time) (Session, []Effect, error) {
	if !s.Live() {
		return s, nil, nil
	}
	n, effects := closeAs(s, Canceled, now)
	n.Signal = nil
	step, open := s.Current()
	if open {
		n.Signal = &Signal{Kind: SignalEnded, Step: step.Name, Since: now}
	} else {
		step = s.Steps[len(s.Steps)-1]
	}
	n.LastError = &LastError{Code: CodeInformationChanged, Step: step.Name, At: now}
	return n, effects, nil
}

// IsOfHolder reports whether a session is of the account's present holder, and not of
// an earlier one. Version 1.0.0 counted the changes of the holder without their times;
// then only a pass of the holder's own step says so.
func (s Session) IsOfHolder(a Account) bool {
	if a.HolderSince.IsZero() {
		return a.HolderChanges == s.Ground.Holder
	}
	return !s.CreatedAt.Before(a.HolderSince)
}
