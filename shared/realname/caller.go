package realname

import (
	"time"
)

// Caller is who a request's token stands for.
type Caller struct {
	AccountID string
	USCC      string // the account's enterprise as the token says it; may be empty
	IssuedAt  time.Time
}

// Admit refuses a caller whose account is gone or closed, whose token was issued
// before the account's last change, or whose token names another enterprise than
// the account's: a sign-in under way while the code changes still issues one.
// Errors: CodeTokenRevoked.
func Admit(c Caller, a Account) error {
	if a.ID == "" || !a.Disabled.IsZero() || !c.IssuedAt.After(a.TokensFrom) || c.USCC != "" && c.USCC != a.USCC {
		return &Error{Code: CodeTokenRevoked}
	}
	return nil
}

// Own refuses a session that does not exist or is somebody else's, both alike.
func Own(c Caller, s Session) error {
	if s.ID == "" || s.AccountID != c.AccountID {
		return &Error{Code: CodeNotFound}
	}
	return nil
}

// AdmitTo refuses a caller whose account was read under a code that its enterprise
// no longer has: the enterprise got another code between two reads, and the change
// revoked the token.
// Errors: CodeTokenRevoked.
func AdmitTo(e Enterprise, a Account) error {
	if e.USCC != a.USCC {
		return &Error{Code: CodeTokenRevoked}
	}
	return nil
}
