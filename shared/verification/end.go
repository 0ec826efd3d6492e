package verification

import (
	"context"
	"time"

	"realname/shared/realname"
)

// Ended lists the sessions that a change of their account ends.
type Ended []endedSession

type endedSession struct {
	before, now realname.Session
	open        *realname.OpenStep
}

// SessionIDs returns the IDs of the sessions.
func (e Ended) SessionIDs() []string {
	ids := make([]string, len(e))
	for i, s := range e {
		ids[i] = s.now.ID
	}
	return ids
}

// CancelLive prepares the end of those of an account's latest sessions that are live, by
// an event: their ground changes, or the user withdraws the consent. The caller commits
// the returned change together with its own and then calls TellEnded.
func (v *Verification) CancelLive(
	ctx context.Context, latest map[realname.Method]realname.LatestSession, which func(realname.Method) bool,
	by realname.Event, now time.Time,
) (ended Ended, c realname.Change, err error) {
	for m, l := range latest {
		if !which(m) {
			continue
		}
		view, err := v.Store.LoadSession(ctx, realname.SessionQuery{SessionID: l.SessionID})
		if err != nil {
			return nil, realname.Change{}, err
		}
		s := view.Session
		if _, open := s.Current(); s.ID == "" || !s.Live() || !open {
			continue
		}
		n, effects, err := realname.Next(s, by, v.Limits, now)
		if err != nil {
			return nil, realname.Change{}, err
		}
		closing, err := v.apply(n, effects, view, nil, now)
		if err != nil {
			return nil, realname.Change{}, err
		}
		c.Announcements = append(c.Announcements, closing.Announcements...)
		c.Audit = append(c.Audit, closing.Audit...)
		c.Add(closing.session)
		c.Add(closing.Writes...)
		ended = append(ended, endedSession{before: s, now: n, open: view.Open})
	}
	return ended, c, nil
}

// TellEnded logs the sessions that a change ended and informs their workflows.
func (v *Verification) TellEnded(ctx context.Context, ended Ended) {
	for _, c := range ended {
		v.logClosed(ctx, c.before, c.now)
		v.deliver(ctx, c.now, c.open)
	}
}
