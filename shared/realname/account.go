package realname

import (
	"strings"
	"time"

	"realname/shared/idcode"
)

// Origin is where an account comes from. It decides whether this service
// verifies the account (manual, 总体介绍).
type Origin string

// Origins as the account file names them.
const (
	MigratedInspection Origin = "migrated_inspection" // 原检系统
	MigratedLocal      Origin = "migrated_local"      // 其他地方系统
	SingleWindow       Origin = "single_window"       // registered in the Single Window: counts as verified
	ICCardLogin        Origin = "ic_card"             // signs in with an E-Port card: counts as verified
)

// ParseOrigin returns the origin with that name; ok is false for any other.
func ParseOrigin(name string) (o Origin, ok bool) {
	switch o = Origin(name); o {
	case MigratedInspection, MigratedLocal, SingleWindow, ICCardLogin:
		return o, true
	}
	return "", false
}

// Applicable reports whether this service verifies accounts of the origin. All
// other accounts count as verified already.
func (o Origin) Applicable() bool { return o == MigratedInspection || o == MigratedLocal }

// Sealed is personal data that a Sealer encrypted and bound to one field of one
// item. The zero value means "not given".
type Sealed string

// Person is a person's identity in clear text. It exists in memory only: the
// stored form is sealed and the displayed form is masked.
type Person struct {
	Name     string        `json:"name"`
	IDType   idcode.IDType `json:"idType"`
	IDNumber string        `json:"idNumber"`
}

// Role limits what an account may do in its enterprise.
type Role string

// Roles of accounts. An account without a role is an administrator's.
const (
	RoleAdministrator Role = "administrator" // 单位管理员
	RoleOperator      Role = "operator"      // 操作员: cannot change the enterprise
)

// Reminders are the account's settings (账户设置): the events that it gets a
// reminder of.
type Reminders struct {
	Password     bool `json:"password"`     // to change the password from time to time
	Verification bool `json:"verification"` // the result of a verification
	Login        bool `json:"login"`        // a sign-in
}

// Account is one account of an enterprise, with a login name of its own.
type Account struct {
	ID        string
	LoginName string
	Role      Role
	Origin    Origin
	USCC      string // the enterprise it belongs to
	Region    string
	Reminders Reminders
	// Administrator is the account holder (账号所有人), a sealed Person.
	Administrator Sealed
	Mobile        Sealed
	Email         Sealed
	// PendingEmail is an address that its owner has not confirmed yet.
	PendingEmail Sealed
	PasswordHash string
	// Activation lets the user set the first password; nil once a password is set.
	Activation *Activation
	// Disabled is when the account was closed; zero while it is open.
	Disabled time.Time
	// Erased is when the account's personal data was removed; zero until then.
	Erased time.Time
	// Import is the fingerprint of the row that the account was imported from.
	Import string
	// TokensFrom revokes every token that was issued at this instant or before.
	TokensFrom time.Time
	// Devices are the known devices, the least recently used first.
	Devices []Device
	// SignInWrites counts the writes that changed Devices at most.
	SignInWrites int64
	Holder       Aspect
	// HolderChanges counts the changes of the holder's identity.
	HolderChanges int64
	// HolderSince is when the holder's person became the holder; zero if the holder's
	// identity never changed, or last changed under version 1.0.0.
	HolderSince time.Time
	// ConsentWithdrawn is when the holder last withdrew the consent; zero for never.
	ConsentWithdrawn time.Time
	// Erasure is the holder's latest request for erasure; zero if there is none.
	Erasure   ErasureRequest
	CreatedAt time.Time
	Version   int64
}

// ErasureRequest is an account holder's request to erase the personal data (PIPL
// Art. 47). It is a part of the account, so that the account has at most one and an
// erasure ends it. The audit trail keeps each.
type ErasureRequest struct {
	AskedAt time.Time
	DueAt   time.Time // until then, staff erase the holder or refuse
	// RefusedAt is when staff refused, Reason their sealed reason for it.
	RefusedAt time.Time
	Reason    Sealed
}

// Open reports whether the request waits for an answer.
func (r ErasureRequest) Open() bool { return !r.AskedAt.IsZero() && r.RefusedAt.IsZero() }

// Overdue reports whether the request has waited too long for an answer.
func (r ErasureRequest) Overdue(now time.Time) bool { return r.Open() && !now.Before(r.DueAt) }

// WithHolder returns the account after a change of its holder, before the change is
// counted. Records of an earlier person are not the new holder's, and neither are that
// person's requests.
func (a Account) WithHolder(samePerson bool, now time.Time) Account {
	if samePerson {
		if a.HolderChanges == 0 {
			a.HolderSince = a.CreatedAt
		}
		return a
	}
	a.HolderSince, a.ConsentWithdrawn, a.Erasure = now, time.Time{}, ErasureRequest{}
	return a
}

// Enterprise is a company, identified by its Unified Social Credit Code (USCC).
type Enterprise struct {
	USCC    string
	Name    string
	OrgCode string
	Address string
	// LegalRepresentative is a sealed Person; empty until it is given.
	LegalRepresentative Sealed
	Aspect              Aspect
	// Standing records whether the enterprise counts as verified by registration.
	Standing Standing
	// Holders are the passed holder aspects of the administrators with an open
	// account, by account ID.
	Holders map[string]Aspect
	// Changes counts the changes of the facts that a verification rests on: name,
	// code and legal representative. A session that began before the latest change
	// verifies nothing.
	Changes int64
	Version int64
}

// Activation is the right to set an account's first password with a code that
// the user received.
type Activation struct {
	Issue     int64     `json:"issue"` // numbers the codes of the account, from 1
	Hash      string    `json:"hash"`
	ExpiresAt time.Time `json:"expiresAt"`
}

// Accepts reports whether the code belongs to the activation and has not expired.
func (act *Activation) Accepts(hash func(string) string, code string, now time.Time) bool {
	code = NormalizeActivationCode(code)
	return act != nil && code != "" && now.Before(act.ExpiresAt) && hash(code) == act.Hash
}

// NormalizeActivationCode returns the one spelling of a code, as upper-case groups
// of four. It ignores letter case and grouping and replaces letters that look like
// digits. Text of another length gives "".
func NormalizeActivationCode(code string) string {
	lookalikes := strings.NewReplacer("O", "0", "I", "1", "L", "1")
	code = lookalikes.Replace(idcode.NormalizeCode(code))
	if len(code) != 16 {
		return ""
	}
	return code[0:4] + "-" + code[4:8] + "-" + code[8:12] + "-" + code[12:16]
}

// EmailConfirmation is an address whose owner has not opened the link yet.
type EmailConfirmation struct {
	SecretHash string    `json:"-"`
	AccountID  string    `json:"accountId"`
	Email      Sealed    `json:"email"`
	ExpiresAt  time.Time `json:"expiresAt"`
	Version    int64     `json:"-"`
}
