package realname

import (
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

// Account is one login of an enterprise.
type Account struct {
	ID        string
	LoginName string
	Origin    Origin
	USCC      string // the enterprise it belongs to
	Region    string
	// Administrator is the account holder (账号所有人), a sealed Person.
	Administrator Sealed
	Mobile        Sealed
	Email         Sealed
	PasswordHash  string
	// TokensFrom is the instant at or before which every issued token is refused.
	TokensFrom time.Time
	Holder     Aspect
	CreatedAt  time.Time
	Version    int64
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
	Version             int64
}
