// Package accounts connects the use cases of the account information page to AWS.
package accounts

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"realname/shared/accounts"
	"realname/shared/auth"
	"realname/shared/signin"
	"realname/shared/store"
	"realname/shared/wiring"
	storewiring "realname/shared/wiring/store"
	"realname/shared/wiring/verification"
)

// resetRetry is shorter than the minute of the schedule.
const resetRetry = 45 * time.Second

// WrongPace is longer than four calls to the table and the rating of a password. Each
// refusal holds an instance of the function for this time, so the reserved concurrency
// depends on it.
const WrongPace = 250 * time.Millisecond

// New returns the use cases without the rating of passwords and without e-mail. The
// functions that need these connect them.
func New(p wiring.Ports) *accounts.Accounts { return Over(p, storewiring.Store(p)) }

// Over is New over a store that the function also uses elsewhere.
func Over(p wiring.Ports, st *store.Store) *accounts.Accounts {
	sessions := verification.Over(p, st)
	return &accounts.Accounts{
		Ports: sessions.Ports, Sessions: sessions, Directory: st, Mail: unconfigured{},
		Credentials: signin.Credentials{
			Store: st, Hasher: auth.NewHasher(rand.Reader), Lockout: p.Config.Lockout, Now: p.Now,
		},
		NewSecret: func() (string, error) { return auth.NewSecret(rand.Reader) }, SecretHash: auth.SecretHash,
		ResetRetry: resetRetry, WrongPace: WrongPace,
	}
}

// unconfigured replaces the e-mail provider in a stage without one.
type unconfigured struct{}

var errUnconfigured = errors.New("e-mail: no provider is configured; set REALNAME_MAIL_FROM")

func (unconfigured) SendConfirmation(context.Context, accounts.ConfirmationMail) error {
	return errUnconfigured
}
