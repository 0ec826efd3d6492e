package accounts

import (
	"context"
	"slices"

	"realname/shared/realname"
	"realname/shared/verification"
)

// undermined lists the passed aspects whose ground the change removes (R2).
func (d *draft) undermined() []realname.AspectName {
	var list []realname.AspectName
	if d.facts && d.before.Aspect.Passed() {
		list = append(list, realname.EnterpriseAspect)
	}
	if d.holder && d.view.Account.Holder.Passed() {
		list = append(list, realname.HolderAspect)
	}
	return list
}

// withdraw withdraws the aspects and adds the events and audit entries for that.
func (a *Accounts) withdraw(d *draft, aspects []realname.AspectName) {
	if d.facts {
		d.enterprise.Changes++
		d.enterprise.Standing = realname.Touched
		d.enterpriseChanged = true
	}
	if d.holder {
		d.account.HolderChanges++
	}
	for _, name := range aspects {
		passed := d.view.Account.Holder
		if name == realname.EnterpriseAspect {
			passed, d.enterprise.Aspect = d.before.Aspect, realname.Aspect{}
		} else {
			d.account.Holder = realname.Aspect{}
			d.enterprise = d.enterprise.WithAdministrator(d.account)
			d.enterpriseChanged = true
		}
		// Platform and trail identify the enterprise by the verified code.
		d.change.Announcements = append(d.change.Announcements, realname.Announcement{
			ID: a.NewID(), Type: realname.VerificationWithdrawn, At: d.now, USCC: d.before.USCC, AccountID: d.account.ID,
			SessionID: passed.SessionID, Method: passed.Method, Aspect: name,
		})
		d.change.Audit = append(d.change.Audit, realname.AuditEntry{
			ID: a.NewID(), At: d.now, USCC: d.before.USCC, AccountID: d.account.ID, SessionID: passed.SessionID,
			Action: realname.AuditWithdrawn, Method: passed.Method, Aspect: name,
		})
	}
}

// cancelLive ends the account's live sessions that verify the enterprise as it was
// before the change, so that a new session can start at once. realname.Ground handles
// two other cases: a session that closes as verified at the same moment, and the
// sessions of the enterprise's other accounts.
func (a *Accounts) cancelLive(ctx context.Context, d *draft) (verification.Ended, error) {
	return a.cancelSessions(ctx, d, func(m realname.Method) bool {
		return slices.Contains(m.Covers(), realname.EnterpriseAspect)
	})
}

// cancelSessions adds the end of the live sessions of some methods to the draft's
// change.
func (a *Accounts) cancelSessions(
	ctx context.Context, d *draft, which func(realname.Method) bool,
) (verification.Ended, error) {
	ended, c, err := a.Sessions.CancelLive(ctx, d.view.Latest, which, realname.GroundChanged{}, d.now)
	d.change.Announcements = append(d.change.Announcements, c.Announcements...)
	d.change.Audit = append(d.change.Audit, c.Audit...)
	d.change.Add(c.Writes...)
	return ended, err
}
