package realname

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"realname/shared/idcode"
)

// Verification runs the use cases over the ports. Time, randomness and waiting
// come in here and nowhere else.
type Verification struct {
	Store     Store
	Workflow  Workflow
	Sealer    Sealer
	Registry  Registry
	IDCards   IDCards
	BankCards BankCards
	SMS       SMS
	Cards     Cards
	Limits    Limits
	Now       func() time.Time
	NewID     func() string
	NewCode   func() (string, error) // a six-digit SMS code
	// NewChallenge draws what a card is asked to sign.
	NewChallenge func() (string, error)
	Wait         func(ctx context.Context, d time.Duration) error
	Log          *slog.Logger
	// RepairAfter is how long a signal may be under way before repair sends it again.
	RepairAfter time.Duration
	// Actor is the operator of the service in whose name everything is done; "" in
	// a function. Nobody counts an operator's log lines.
	Actor string
}

// Caller is who a request's token stands for.
type Caller struct {
	AccountID string
	USCC      string // the account's enterprise as the token says it; may be empty
	IssuedAt  time.Time
}

// Admit refuses a caller whose account is gone or closed, or whose token was issued before
// the account's last change.
// Errors: CodeTokenRevoked.
func Admit(c Caller, a Account) error {
	if a.ID == "" || !a.Disabled.IsZero() || !c.IssuedAt.After(a.TokensFrom) {
		return &Error{Code: CodeTokenRevoked}
	}
	return nil
}

// own refuses a session that does not exist or is somebody else's, both alike.
func own(c Caller, s Session) error {
	if s.ID == "" || s.AccountID != c.AccountID {
		return &Error{Code: CodeNotFound}
	}
	return nil
}

// OpenPerson decrypts a sealed person; "" gives the zero Person.
func OpenPerson(s Sealer, sealed Sealed, item, field string) (Person, error) {
	if sealed == "" {
		return Person{}, nil
	}
	plain, err := s.Open(sealed, item, field)
	if err != nil {
		return Person{}, fmt.Errorf("open %s: %w", field, err)
	}
	var p Person
	if err := json.Unmarshal(plain, &p); err != nil {
		return Person{}, fmt.Errorf("decode %s: %w", field, err)
	}
	return p, nil
}

// SealPerson encrypts a person for one field of one item.
func SealPerson(s Sealer, p Person, item, field string) (Sealed, error) {
	plain, err := json.Marshal(p)
	if err != nil {
		return "", fmt.Errorf("encode %s: %w", field, err)
	}
	return s.Seal(plain, item, field)
}

// Items and fields to which personal data is bound.
const (
	FieldSubject             = "subject"
	FieldAdministrator       = "administrator"
	FieldMobile              = "mobile"
	FieldEmail               = "email"
	FieldPendingEmail        = "pendingEmail"
	FieldLegalRepresentative = "legalRepresentative"
)

// SessionItem names the session that sealed data is bound to.
func SessionItem(id string) string { return "session/" + id }

// AccountItem names the account that sealed data is bound to.
func AccountItem(id string) string { return "account/" + id }

// EnterpriseItem names the enterprise that sealed data is bound to.
func EnterpriseItem(uscc string) string { return "enterprise/" + uscc }

// changeOf turns a transition's effects into what has to be written with it.
// Effects that touch the account or the enterprise change the given records.
func (v *Verification) changeOf(s Session, effects []Effect, view SessionView, e *Enterprise, now time.Time) (Change, error) {
	c := Change{Session: &s, AccountID: s.AccountID, Trail: view.Trail}
	for _, effect := range effects {
		switch effect := effect.(type) {
		case RecordAttempt:
			c.Attempts = append(c.Attempts, effect.Attempt)
		case CountFailedTry:
			day := view.Day
			day.FailedTries++
			c.Day = &day
		case ReleaseLock:
			s.ClosedBy = v.Actor
			c.Release = &Lock{AccountID: s.AccountID, Method: s.Method, SessionID: s.ID}
		case PassAspect:
			v.pass(&c, effect.Aspect, s, view.Account, e, now)
		case RevokeTokens:
			a := view.Account
			if c.Account != nil {
				a = *c.Account
			}
			a.TokensFrom = now
			c.Account = &a
		case AdoptEnterprise:
			if err := v.adopt(e, effect, s.ID); err != nil {
				return Change{}, err
			}
		case Announce:
			c.Announcements = append(c.Announcements, Announcement{
				ID: v.NewID(), Type: effect.Type, At: now, USCC: s.Enterprise.USCC, AccountID: s.AccountID,
				SessionID: s.ID, Method: s.Method, Status: s.Closed,
			})
		case Audit:
			c.Audit = append(c.Audit, AuditEntry{
				ID: v.NewID(), At: now, USCC: s.Enterprise.USCC, AccountID: s.AccountID,
				SessionID: s.ID, Action: effect.Action, Method: s.Method, Status: s.Closed, Actor: v.Actor,
			})
		}
	}
	return c, nil
}

// adopt makes what the registry confirmed the enterprise's record. Who was its
// legal representative already keeps what else is known of the document.
func (v *Verification) adopt(e *Enterprise, confirmed AdoptEnterprise, sessionID string) error {
	p, err := OpenPerson(v.Sealer, confirmed.Subject, SessionItem(sessionID), FieldSubject)
	if err != nil {
		return err
	}
	item := EnterpriseItem(e.USCC)
	is, err := OpenIdentity(v.Sealer, e.LegalRepresentative, item, FieldLegalRepresentative)
	if err != nil {
		return err
	}
	if !idcode.SameName(e.Name, confirmed.Enterprise.Name) {
		e.Changes++ // a session of another method that began before verifies another name
	}
	e.Name = confirmed.Enterprise.Name
	if samePerson(is.Person, p) {
		return nil
	}
	e.LegalRepresentative, err = SealPerson(v.Sealer, p, item, FieldLegalRepresentative)
	return err
}

func (v *Verification) pass(c *Change, aspect AspectName, s Session, a Account, e *Enterprise, now time.Time) {
	switch aspect {
	case EnterpriseAspect:
		e.Aspect = e.Aspect.Pass(s.Method, s.ID, now)
		c.Enterprise = e
	case HolderAspect:
		a.Holder = a.Holder.Pass(s.Method, s.ID, now)
		c.Account = &a
		if a.Role != RoleOperator && e.USCC == a.USCC {
			*e = e.WithAdministrator(a)
			c.Enterprise = e
		}
	}
}
