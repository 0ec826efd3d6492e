package realname

import (
	"time"
)

// Caller is the account that a request's token was issued to.
type Caller struct {
	AccountID string
	USCC      string // the account's enterprise as the token names it; may be empty
	SignInID  string // the sign-in that the token belongs to; may be empty
	IssuedAt  time.Time
}

// Admit refuses a caller whose account does not exist or is closed, whose token
// was issued before the account's last change, whose sign-in ended, or whose token
// names another enterprise than the account's. A sign-in that overlaps with a change
// of the code can still issue such a token.
// Errors: CodeTokenRevoked.
func Admit(c Caller, a Account) error {
	if a.ID == "" || !a.Disabled.IsZero() || !c.IssuedAt.After(a.TokensFrom) || c.USCC != "" && c.USCC != a.USCC {
		return &Error{Code: CodeTokenRevoked}
	}
	if _, ok := a.SignIn(c.SignInID); !ok && c.SignInID != "" {
		return &Error{Code: CodeTokenRevoked}
	}
	return nil
}

// Own refuses a session that does not exist or belongs to another account. The
// caller cannot distinguish the two.
// Errors: CodeNotFound.
func Own(c Caller, s Session) error {
	if s.ID == "" || s.AccountID != c.AccountID {
		return &Error{Code: CodeNotFound}
	}
	return nil
}

// AdmitTo refuses a caller whose account was read under a code that its enterprise
// no longer has. In that case the code changed between two reads, and the change
// revoked the token.
// Errors: CodeTokenRevoked.
func AdmitTo(e Enterprise, a Account) error {
	if e.USCC != a.USCC {
		return &Error{Code: CodeTokenRevoked}
	}
	return nil
}
