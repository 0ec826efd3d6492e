package accounts

import (
	"context"
	"time"

	"realname/shared/realname"
	"realname/shared/verification"
)

// Accounts runs the use cases of the account information page (R2): changes of the
// account and its enterprise, operators, activation, and the password reset.
type Accounts struct {
	*realname.Ports
	// Sessions ends the sessions whose ground a change removes, and sends SMS codes.
	Sessions    *verification.Verification
	Directory   Directory
	Credentials Credentials
	Mail        Mail
	Strength    Strength
	// NewSecret returns the unguessable secret of a link. SecretHash returns the hash
	// under which a secret or an activation code is stored.
	NewSecret  func() (string, error)
	SecretHash func(secret string) string
	// ResetRetry is the time after which the message of a password reset is attempted
	// again. It is longer than any provider takes.
	ResetRetry time.Duration
	// WrongPace is the minimum time of the refusal of a wrong code. It is longer than
	// any check, because the time of reading an account would reveal whether the account
	// exists.
	WrongPace time.Duration
}

// unhurried delays a refusal that must not reveal what exists until WrongPace has
// passed since begun.
func (a *Accounts) unhurried(ctx context.Context, begun time.Time, refusal error) error {
	switch realname.CodeOf(refusal) {
	case realname.CodeActivationWrong, realname.CodeSMSCodeWrong, realname.CodeSMSCodeExpired:
		if err := a.Wait(ctx, begun.Add(a.WrongPace).Sub(a.Now())); err != nil {
			return err
		}
	}
	return refusal
}

// Directory reads the records that the use cases of accounts need in addition to those
// of realname.Store.
type Directory interface {
	// LoadRoster reads an enterprise and its roster. Records that do not exist are zero.
	LoadRoster(ctx context.Context, uscc string) (realname.Enterprise, realname.Roster, error)
	// LoadEnterpriseDays reads the counters of the day of two enterprises.
	LoadEnterpriseDays(ctx context.Context, day, a, b string) (ofA, ofB realname.EnterpriseDay, err error)
	// LoadAccounts reads accounts in the given order, with one call per 100. It skips
	// unknown ones.
	LoadAccounts(ctx context.Context, ids []string) ([]realname.Account, error)
	// FindLogin reads the account of a login name. It makes two calls, whether the name
	// exists or not. The account of an unknown name has an empty ID.
	FindLogin(ctx context.Context, loginName string) (realname.Account, error)
	// LoadCode reads an SMS code with the counters that limit the next one.
	LoadCode(ctx context.Context, q CodeQuery) (realname.SessionView, error)
	// LoadConfirmation reads an e-mail confirmation; an unknown one is zero.
	LoadConfirmation(ctx context.Context, secretHash string) (realname.EmailConfirmation, error)
	// LoadResetMessage reads a message that has yet to be sent; an unknown one is zero.
	LoadResetMessage(ctx context.Context, id string) (realname.ResetMessage, error)
	// ResetMessages reads the messages that have yet to be sent.
	ResetMessages(ctx context.Context) ([]realname.ResetMessage, error)
	// Attempts reads the attempts of a session and its other requests to providers in the
	// order of time.
	Attempts(ctx context.Context, of realname.Session) ([]realname.Attempt, error)
	// LoadReply reads the stored answer to a request; nil if there is none.
	LoadReply(ctx context.Context, idem realname.Idempotency) (*realname.Reply, error)
}

// CodeQuery names an SMS code of an account or of a password reset.
type CodeQuery struct {
	For         realname.SMSCode // its AccountID or ResetIndex, and Step
	AccountID   string
	Day         string
	NumberIndex string
	// RequestsIndex names the login name and the number of a password reset. Under it,
	// the requests of the day are counted, whether or not a message was sent.
	RequestsIndex string
	Idempotency   *realname.Idempotency
}

// Credentials checks and hashes passwords.
type Credentials interface {
	// Check checks a password. Like a sign-in, it counts a wrong password for the login
	// name and locks the name after too many. The lock of strangers does not apply to the
	// device of the sign-in.
	// Errors: CodeInvalidCredentials, CodeLoginLocked.
	Check(ctx context.Context, loginName, password, signInID string) error
	// Hash returns the password's hash.
	Hash(password string) (string, error)
}

// Strength returns the rule that a new password breaks ("length", "common",
// "too_weak"), or "". The password must not be guessable from the words in about.
// Errors: those of rating it.
type Strength func(ctx context.Context, password string, about []string) (rule string, err error)

// Mail sends e-mails to the users of accounts.
type Mail interface {
	// SendConfirmation sends the link that confirms an address.
	SendConfirmation(ctx context.Context, m ConfirmationMail) error
}

// ConfirmationMail asks the owner of an address to confirm it. The link contains the
// secret and no personal data.
type ConfirmationMail struct {
	To       string
	Secret   string
	Language string // zh-CN or en
	Hours    int    // how long the link works
}
