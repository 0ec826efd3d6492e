package realname

import (
	"maps"
	"time"
)

// Standing records whether the enterprise counts as verified without a session,
// because of the registration of its administrators (R1).
type Standing string

// Standings of an enterprise. Touched is final: an enterprise never becomes
// untouched again.
const (
	// Unfounded means that the enterprise has never had an administrator.
	Unfounded Standing = ""
	// Untouched means that every administrator the enterprise has ever had registered
	// through the Single Window or signs in with an E-Port card, and that the
	// enterprise's name, code and legal representative have never been changed, erased,
	// verified or withdrawn by this service.
	Untouched Standing = "untouched"
	// Touched means that one of the conditions of Untouched has been broken.
	Touched Standing = "touched"
)

// State is the published state of one aspect.
type State struct {
	Passed bool
	// By is the pass of the session that proves the aspect; zero if the registration
	// proves it.
	By Aspect
}

// State returns the state of an aspect as the platform, the events and the command
// line show it.
//
// It is the only definition of "passed" (decision 31). An aspect is passed if and
// only if (a) a session verified it and none of the facts behind the session has
// changed since, or (b) the enterprise is untouched. A transaction that changes such
// a fact also clears Aspect or Holders, so that both hold only sessions that are
// still valid.
func (e Enterprise) State(name AspectName) State {
	if name == HolderAspect {
		return e.state(e.Holder())
	}
	return e.state(e.Aspect)
}

// HolderState returns the state of the holder aspect for one of the enterprise's
// accounts. Only the holder of that account counts.
func (e Enterprise) HolderState(a Account) State { return e.state(a.Holder) }

func (e Enterprise) state(a Aspect) State {
	return State{Passed: a.Passed() || e.Standing == Untouched, By: a}
}

// Withdrawn lists the aspects that were passed before a change and are not passed
// after it. The writer of the change announces them as withdrawn.
func (e Enterprise) Withdrawn(was Enterprise) []AspectName {
	var list []AspectName
	for _, name := range []AspectName{EnterpriseAspect, HolderAspect} {
		if was.State(name).Passed && !e.State(name).Passed {
			list = append(list, name)
		}
	}
	return list
}

// Withdraw adds an event and an audit entry to the change for every aspect that the
// change withdraws (see Withdrawn). accountID is the account that the change is
// about, or "".
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

// Holder returns the holder aspect of the enterprise's administrators: the latest
// pass that is still valid.
func (e Enterprise) Holder() Aspect {
	var latest Aspect
	for _, a := range e.Holders {
		if a.At.After(latest.At) || a.At.Equal(latest.At) && a.SessionID > latest.SessionID {
			latest = a
		}
	}
	return latest
}

// WithAdministrator returns the enterprise updated with the account's origin and
// holder aspect. A transaction that creates or closes the account, or changes that
// aspect, must also write the enterprise. Operators do not count.
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

// StandingOf derives the standing of a record that was stored without one. It uses
// the origins of the administrators with an open account, the verified aspects and
// the count of changes. It cannot see administrators whose account is closed;
// "realname enterprise audit-states" finds those.
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
