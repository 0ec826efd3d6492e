package verification

import (
	"slices"
	"time"

	"realname/shared/idcode"
	"realname/shared/realname"
)

// effected collects the records that a transition changes until whole turns them
// into a Change.
type effected struct {
	realname.Change // events, audit entries and further records
	session         realname.Session
	attempts        []realname.Attempt   // those of the transition, which the session holds too
	day             *realname.AccountDay // nil if unchanged, as the fields below
	account         *realname.Account
	enterprise      *realname.Enterprise
}

// whole returns the change with every record that the transition changes.
func (e effected) whole() realname.Change {
	c := e.Change
	c.Add(e.session, realname.Optional(e.account), realname.Optional(e.enterprise))
	if e.day != nil {
		c.Add(realname.CountedDay{AccountID: e.session.AccountID, AccountDay: *e.day})
	}
	return c
}

// apply turns a transition's effects into the records to write. It modifies the
// given enterprise.
func (v *Verification) apply(
	s realname.Session, effects []realname.Effect, view realname.SessionView, e *realname.Enterprise, now time.Time,
) (effected, error) {
	c := effected{session: s, Change: realname.Change{Trail: view.Trail}}
	for _, effect := range effects {
		switch effect := effect.(type) {
		case realname.RecordAttempt:
			c.attempts = append(c.attempts, effect.Attempt)
			c.session.Attempts = append(slices.Clone(c.session.Attempts), effect.Attempt)
		case realname.CountFailedTry:
			day := view.Day
			day.FailedTries++
			c.day = &day
		case realname.NoteCloser:
			c.session.ClosedBy = v.Actor
		case realname.PassAspect:
			v.pass(&c, effect.Aspect, s, view.Account, e, now)
		case realname.RevokeTokens:
			a := view.Account
			if c.account != nil {
				a = *c.account
			}
			a.TokensFrom = now
			c.account = &a
		case realname.AdoptEnterprise:
			if err := v.adopt(e, effect, s.ID); err != nil {
				return effected{}, err
			}
		case realname.Announce:
			c.Announcements = append(c.Announcements, realname.Announcement{
				ID: v.NewID(), Type: effect.Type, At: now, USCC: s.Enterprise.USCC, AccountID: s.AccountID,
				SessionID: s.ID, Method: s.Method, Status: s.Closed,
			})
		case realname.Audit:
			c.Audit = append(c.Audit, realname.AuditEntry{
				ID: v.NewID(), At: now, USCC: s.Enterprise.USCC, AccountID: s.AccountID,
				SessionID: s.ID, Action: effect.Action, Method: s.Method, Status: s.Closed, Actor: v.Actor,
			})
		}
	}
	return c, nil
}

// adopt writes the facts that the registry confirmed into the enterprise's record. If
// the legal representative is still the same person, the stored data of the ID
// document is kept.
func (v *Verification) adopt(e *realname.Enterprise, confirmed realname.AdoptEnterprise, sessionID string) error {
	p, err := realname.OpenPerson(v.Sealer, confirmed.Subject, realname.SessionItem(sessionID), realname.FieldSubject)
	if err != nil {
		return err
	}
	item := realname.EnterpriseItem(e.USCC)
	is, err := realname.OpenIdentity(v.Sealer, e.LegalRepresentative, item, realname.FieldLegalRepresentative)
	if err != nil {
		return err
	}
	samePerson := realname.SamePerson(is.Person, p)
	if is.IDNumber != "" && !samePerson || !idcode.SameName(e.Name, confirmed.Enterprise.Name) {
		// Other sessions have verified, or are verifying, another name or another legal
		// representative.
		e.Changes++
		e.Aspect = realname.Aspect{}
	}
	e.Name = confirmed.Enterprise.Name
	if samePerson {
		return nil
	}
	e.LegalRepresentative, err = realname.SealPerson(v.Sealer, p, item, realname.FieldLegalRepresentative)
	return err
}

func (v *Verification) pass(
	c *effected, aspect realname.AspectName, s realname.Session, a realname.Account, e *realname.Enterprise,
	now time.Time,
) {
	switch aspect {
	case realname.EnterpriseAspect:
		e.Aspect = e.Aspect.Pass(s.Method, s.ID, now)
		e.Standing = realname.Touched
		c.enterprise = e
	case realname.HolderAspect:
		a.Holder = a.Holder.Pass(s.Method, s.ID, now)
		c.account = &a
		if a.Role != realname.RoleOperator && e.USCC == a.USCC {
			*e = e.WithAdministrator(a)
			c.enterprise = e
		}
	}
}
