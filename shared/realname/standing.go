package realname

import (
	"maps"
	"time"
)

// Standing says whether the enterprise still counts as verified because of how its
// administrators registered (R1), without a session.
type Standing string

// Standings. Touched is for good: nothing makes an enterprise untouched again.
const (
	// Unfounded is the standing of an enterprise that never had an administrator.
	Unfounded Standing = ""
	// Untouched: every administrator that the enterprise ever had registered through
	// the Single Window or signs in with an E-Port card, and its name, code and legal
	// representative were never changed, erased, verified or withdrawn here.
	Untouched Standing = "untouched"
	// Touched: one of these is no longer so.
	Touched Standing = "touched"
)

// State is how one aspect reads to whoever asks.
type State struct {
	Passed bool
	// By is the session that stands for it; zero if registration does.
	By Aspect
}

// State returns how an aspect of the enterprise reads: to the platform, in events
// and on the command line.
//
// It is the one rule of what "passed" means (decision 31). An aspect reads passed
// if and only if (a) a session verified here stands for it and nothing that the
// session rested on has changed since, or (b) the enterprise is untouched. The
// transaction that changes what a session rested on clears Aspect or Holders, so
// that they hold only sessions that still stand.
func (e Enterprise) State(name AspectName) State {
	if name == HolderAspect {
		return e.state(e.Holder())
	}
	return e.state(e.Aspect)
}

// HolderState returns how the holder aspect reads to one of the enterprise's
// accounts, whose own holder counts.
func (e Enterprise) HolderState(a Account) State { return e.state(a.Holder) }

func (e Enterprise) state(a Aspect) State {
	return State{Passed: a.Passed() || e.Standing == Untouched, By: a}
}

// Withdrawn lists the aspects that read passed of the enterprise as it was and no
// longer do. Whoever writes the change announces them as withdrawn.
func (e Enterprise) Withdrawn(was Enterprise) []AspectName {
	var list []AspectName
	for _, name := range []AspectName{EnterpriseAspect, HolderAspect} {
		if was.State(name).Passed && !e.State(name).Passed {
			list = append(list, name)
		}
	}
	return list
}

// Withdraw adds to the change what tells platform and audit trail that aspects of
// the enterprise, which read passed as it was, no longer do. accountID is the
// account that the change is about, "" if it is about none.
func (c *Change) Withdraw(was, is Enterprise, accountID, actor string, now time.Time, newID func() string) {
	for _, name := range is.Withdrawn(was) {
		passed := was.State(name).By
		c.Announcements = append(c.Announcements, Announcement{
			ID: newID(), Type: VerificationWithdrawn, At: now, USCC: was.USCC, AccountID: accountID,
			SessionID: passed.SessionID, Method: passed.Method, Aspect: name,
		})
		c.Audit = append(c.Audit, AuditEntry{
			ID: newID(), At: now, USCC: was.USCC, AccountID: accountID, SessionID: passed.SessionID,
			Action: AuditWithdrawn, Method: passed.Method, Aspect: name, Actor: actor,
		})
	}
}

// Holder is the holder aspect of the enterprise's administrators: the latest pass
// that still stands.
func (e Enterprise) Holder() Aspect {
	var latest Aspect
	for _, a := range e.Holders {
		if a.At.After(latest.At) || a.At.Equal(latest.At) && a.SessionID > latest.SessionID {
			latest = a
		}
	}
	return latest
}

// WithAdministrator returns the enterprise with the account's origin and holder
// aspect as they are now. Whoever creates or closes the account, or changes that
// aspect, writes the enterprise in the same transaction. Operators do not count.
func (e Enterprise) WithAdministrator(a Account) Enterprise {
	if a.Role == RoleOperator {
		return e
	}
	switch {
	case a.Origin.Applicable(), a.Holder.Passed():
		e.Standing = Touched
	case e.Standing == Unfounded:
		e.Standing = Untouched
	}
	e.Holders = maps.Clone(e.Holders)
	delete(e.Holders, a.ID)
	if a.Disabled.IsZero() && a.Holder.Passed() {
		if e.Holders == nil {
			e.Holders = map[string]Aspect{}
		}
		e.Holders[a.ID] = Aspect{Method: a.Holder.Method, SessionID: a.Holder.SessionID, At: a.Holder.At}
	}
	return e
}

// StandingOf derives the standing of a record that was stored before standings
// were: from the origins of its administrators with an open account, what was
// verified, and how often its facts were changed. An administrator who was closed
// by then is not seen; realname enterprise audit-states finds these.
func StandingOf(origins map[string]Origin, e Enterprise) Standing {
	if e.Changes > 0 || e.Aspect.Passed() || len(e.Holders) > 0 {
		return Touched
	}
	s := Unfounded
	for _, o := range origins {
		if o.Applicable() {
			return Touched
		}
		s = Untouched
	}
	return s
}
