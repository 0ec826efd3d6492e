package verification

import (
	"time"

	"realname/shared/idcode"
	"realname/shared/realname"
)

// Verification runs the use cases of a session.
type Verification struct {
	*realname.Ports
	Workflow  realname.Workflow
	Registry  realname.Registry
	IDCards   realname.IDCards
	BankCards realname.BankCards
	SMS       realname.SMS
	Cards     realname.Cards
	NewCode   func() (string, error) // returns a six-digit SMS code
	// NewChallenge returns the random text that a card signs.
	NewChallenge func() (string, error)
	// RepairAfter is how old an undelivered signal is before repair resends it.
	RepairAfter time.Duration
}

// changeOf turns a transition's effects into what has to be written with it.
// Effects that touch the account or the enterprise change the given records.
func (v *Verification) changeOf(s realname.Session, effects []realname.Effect, view realname.SessionView, e *realname.Enterprise, now time.Time) (realname.Change, error) {
	c := realname.Change{Session: &s, AccountID: s.AccountID, Trail: view.Trail}
	for _, effect := range effects {
		switch effect := effect.(type) {
		case realname.RecordAttempt:
			c.Attempts = append(c.Attempts, effect.Attempt)
		case realname.CountFailedTry:
			day := view.Day
			day.FailedTries++
			c.Day = &day
		case realname.ReleaseLock:
			s.ClosedBy = v.Actor
			c.Release = &realname.Lock{AccountID: s.AccountID, Method: s.Method, SessionID: s.ID}
		case realname.PassAspect:
			v.pass(&c, effect.Aspect, s, view.Account, e, now)
		case realname.RevokeTokens:
			a := view.Account
			if c.Account != nil {
				a = *c.Account
			}
			a.TokensFrom = now
			c.Account = &a
		case realname.AdoptEnterprise:
			if err := v.adopt(e, effect, s.ID); err != nil {
				return realname.Change{}, err
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

// adopt makes what the registry confirmed the enterprise's record. Who was its
// legal representative already keeps what else is known of the document.
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
	if !idcode.SameName(e.Name, confirmed.Enterprise.Name) {
		e.Changes++ // a session of another method that began before verifies another name
	}
	e.Name = confirmed.Enterprise.Name
	if realname.SamePerson(is.Person, p) {
		return nil
	}
	e.LegalRepresentative, err = realname.SealPerson(v.Sealer, p, item, realname.FieldLegalRepresentative)
	return err
}

func (v *Verification) pass(c *realname.Change, aspect realname.AspectName, s realname.Session, a realname.Account, e *realname.Enterprise, now time.Time) {
	switch aspect {
	case realname.EnterpriseAspect:
		e.Aspect = e.Aspect.Pass(s.Method, s.ID, now)
		c.Enterprise = e
	case realname.HolderAspect:
		a.Holder = a.Holder.Pass(s.Method, s.ID, now)
		c.Account = &a
		if a.Role != realname.RoleOperator && e.USCC == a.USCC {
			*e = e.WithAdministrator(a)
			c.Enterprise = e
		}
	}
}
