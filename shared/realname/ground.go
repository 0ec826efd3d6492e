package realname

import (
	"slices"
	"time"
)

// Ground is what a session's verdict rests on: how often the enterprise had been
// changed when the session began, and the holder's identity when its step passed.
type Ground struct {
	Enterprise int64 `json:"enterprise,omitempty"`
	Holder     int64 `json:"holder,omitempty"`
}

// StandsOn reports whether a session whose steps all passed still speaks of the
// account and enterprise as they are. One that has a step open is judged when it
// passes.
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

// lose closes a session whose ground has changed: it verifies nothing, whatever
// its steps say.
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
