package realname

import (
	"strings"
	"time"

	"realname/shared/idcode"
)

// Origin tells how an account came into the Single Window. It decides who may
// be verified here (manual, 总体介绍).
type Origin string

// Origins as the account file names them.
const (
	MigratedInspection Origin = "migrated_inspection" // 原检系统
	MigratedLocal      Origin = "migrated_local"      // 其他地方系统
	SingleWindow       Origin = "single_window"       // registered here: counts as verified
	ICCardLogin        Origin = "ic_card"             // logs in with an E-Port card: counts as verified
)

// ParseOrigin returns the origin with that name; ok is false for any other.
func ParseOrigin(name string) (o Origin, ok bool) {
	switch o = Origin(name); o {
	case MigratedInspection, MigratedLocal, SingleWindow, ICCardLogin:
		return o, true
	}
	return "", false
}

// Applicable reports whether accounts of this origin are verified by this
// service; others count as verified already.
func (o Origin) Applicable() bool { return o == MigratedInspection || o == MigratedLocal }

// Sealed is personal data encrypted by a Sealer and bound to its item and
// field. The zero value stands for "not given".
type Sealed string

// Person is somebody's identity in clear. It lives in memory only: what is
// stored of it is sealed, what is shown of it is masked.
type Person struct {
	Name     string        `json:"name"`
	IDType   idcode.IDType `json:"idType"`
	IDNumber string        `json:"idNumber"`
}

// Role is what an account may do in its enterprise.
type Role string

// Roles. An account without one is an administrator's.
const (
	RoleAdministrator Role = "administrator" // 单位管理员
	RoleOperator      Role = "operator"      // 操作员: does not change the enterprise
)

// Reminders are the account's settings (账户设置): what it is told about, and how.
type Reminders struct {
	Password     bool `json:"password"`     // to change the password from time to time
	Verification bool `json:"verification"` // what becomes of a verification
	Login        bool `json:"login"`        // of a login
}

// Account is one login of an enterprise.
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
	// PendingEmail is an address that waits for its confirmation.
	PendingEmail Sealed
	PasswordHash string
	// Activation is how the account gets its first password; nil once it has one.
	Activation *Activation
	// Disabled is when the account was closed; zero while it is open.
	Disabled time.Time
	// Erased is when its personal data was removed; zero while it is there.
	Erased time.Time
	// Import is the fingerprint of the imported row that the account came from.
	Import string
	// TokensFrom is the instant at or before which every issued token is refused.
	TokensFrom time.Time
	Holder     Aspect
	// HolderChanges counts the changes of the holder's identity.
	HolderChanges int64
	CreatedAt     time.Time
	Version       int64
}

// Enterprise is a company, known by its Unified Social Credit Code.
type Enterprise struct {
	USCC    string
	Name    string
	OrgCode string
	Address string
	// LegalRepresentative is a sealed Person; empty when never given.
	LegalRepresentative Sealed
	Aspect              Aspect
	// Standing says whether the enterprise counts as verified by registration.
	Standing Standing
	// Holders are the passed holder aspects of its administrators with an open
	// account, by account.
	Holders map[string]Aspect
	// Changes counts the changes of what a verification rests on: name, code, legal
	// representative. A session that began before one verifies nothing.
	Changes int64
	Version int64
}

// Activation is the right to give an account its first password, by a code that
// its user was handed.
type Activation struct {
	Issue     int64     `json:"issue"` // which code of the account it is, from 1
	Hash      string    `json:"hash"`
	ExpiresAt time.Time `json:"expiresAt"`
}

// Accepts reports whether the code is the one of the activation and still works.
func (act *Activation) Accepts(hash func(string) string, code string, now time.Time) bool {
	code = NormalizeActivationCode(code)
	return act != nil && code != "" && now.Before(act.ExpiresAt) && hash(code) == act.Hash
}

// NormalizeActivationCode makes the spellings of a code alike: letter case,
// groups, and the letters that look like digits.
func NormalizeActivationCode(code string) string {
	code = strings.NewReplacer(" ", "", "-", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(code))
	if len(code) != 16 {
		return ""
	}
	return code[0:4] + "-" + code[4:8] + "-" + code[8:12] + "-" + code[12:16]
}

// EmailConfirmation is an address that waits for its owner to open the link.
type EmailConfirmation struct {
	SecretHash string    `json:"-"`
	AccountID  string    `json:"accountId"`
	Email      Sealed    `json:"email"`
	ExpiresAt  time.Time `json:"expiresAt"`
	Version    int64     `json:"-"`
}
