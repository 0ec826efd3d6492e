package realname

import (
	"context"
	"slices"
)

// undermined lists the passed aspects whose ground the change takes away (R2).
func (d *draft) undermined() []AspectName {
	var list []AspectName
	if d.facts && d.before.Aspect.Passed() {
		list = append(list, EnterpriseAspect)
	}
	if d.holder && d.view.Account.Holder.Passed() {
		list = append(list, HolderAspect)
	}
	return list
}

// withdraw takes the aspects back to unverified and tells platform and trail.
func (a *Accounts) withdraw(d *draft, aspects []AspectName) {
	if d.facts {
		d.enterprise.Changes++
		d.change.Enterprise = &d.enterprise
	}
	if d.holder {
		d.account.HolderChanges++
	}
	for _, name := range aspects {
		passed := d.view.Account.Holder
		if name == EnterpriseAspect {
			passed, d.enterprise.Aspect = d.before.Aspect, Aspect{}
		} else {
			d.account.Holder = Aspect{}
			d.enterprise = d.enterprise.WithAdministrator(d.account)
			d.change.Enterprise = &d.enterprise
		}
		// Platform and trail know the enterprise by the code that was verified.
		d.change.Announcements = append(d.change.Announcements, Announcement{
			ID: a.NewID(), Type: VerificationWithdrawn, At: d.now, USCC: d.before.USCC, AccountID: d.account.ID,
			SessionID: passed.SessionID, Method: passed.Method, Aspect: name,
		})
		d.change.Audit = append(d.change.Audit, AuditEntry{
			ID: a.NewID(), At: d.now, USCC: d.before.USCC, AccountID: d.account.ID, SessionID: passed.SessionID,
			Action: AuditWithdrawn, Method: passed.Method, Aspect: name,
		})
	}
}

// cancelLive ends the account's live sessions that were to verify the enterprise
// as it was, so that a new one can begin at once. One that is being closed as
// verified at this moment is caught by its Ground; so are those of the
// enterprise's other accounts.
func (a *Accounts) cancelLive(ctx context.Context, d *draft) ([]canceledSession, error) {
	return a.cancelSessions(ctx, d, func(m Method) bool { return slices.Contains(m.Covers(), EnterpriseAspect) })
}

// canceledSession is a session that a change of the account ends.
type canceledSession struct {
	before, now Session
	open        *OpenStep
}

// tellCanceled tells log and workflow of the sessions that a change has ended.
func (a *Accounts) tellCanceled(ctx context.Context, canceled []canceledSession) {
	for _, c := range canceled {
		a.logClosed(ctx, c.before, c.now)
		a.deliver(ctx, c.now, c.open)
	}
}

func (a *Accounts) cancelSessions(ctx context.Context, d *draft, which func(Method) bool) ([]canceledSession, error) {
	var canceled []canceledSession
	for m, id := range d.view.Live {
		if !which(m) {
			continue
		}
		view, err := a.Store.LoadSession(ctx, SessionQuery{SessionID: id})
		if err != nil {
			return nil, err
		}
		s := view.Session
		if _, open := s.Current(); s.ID == "" || !s.Live() || !open {
			continue
		}
		n, effects, err := Next(s, GroundChanged{}, a.Limits, d.now)
		if err != nil {
			return nil, err
		}
		c, err := a.changeOf(n, effects, view, nil, d.now)
		if err != nil {
			return nil, err
		}
		d.change.Announcements = append(d.change.Announcements, c.Announcements...)
		d.change.Audit = append(d.change.Audit, c.Audit...)
		d.change.And = append(d.change.And, Change{Session: c.Session, Release: c.Release})
		canceled = append(canceled, canceledSession{before: s, now: n, open: view.Open})
	}
	return canceled, nil
}
