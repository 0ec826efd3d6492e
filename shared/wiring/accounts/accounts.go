// Package accounts connects the use cases of the account information page to AWS.
package accounts

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"realname/shared/auth"
	"realname/shared/credentials"
	"realname/shared/realname"
	"realname/shared/wiring"
	"realname/shared/wiring/storage"
	"realname/shared/wiring/verification"
)

// resetPace is longer than a provider takes to accept a message.
const resetPace = 2 * time.Second

// wrongPace is longer than four calls to the table and a password's judgement take.
const wrongPace = 250 * time.Millisecond

// New returns the use cases without a way to judge passwords and to send e-mail;
// the function that needs these connects them.
func New(p wiring.Ports) *realname.Accounts {
	st := storage.Store(p)
	return &realname.Accounts{
		Verification: verification.New(p), Directory: st, Mail: unconfigured{},
		Credentials: credentials.Credentials{Store: st, Hasher: auth.NewHasher(rand.Reader), Lockout: p.Config.Lockout, Now: p.Now},
		NewSecret:   func() (string, error) { return auth.NewSecret(rand.Reader) }, SecretHash: auth.SecretHash,
		ResetPace: resetPace, WrongPace: wrongPace,
	}
}

// unconfigured stands for e-mail that the stage has not been given.
type unconfigured struct{}

var errUnconfigured = errors.New("no e-mail provider is configured")

func (unconfigured) SendConfirmation(context.Context, realname.ConfirmationMail) error {
	return errUnconfigured
}
