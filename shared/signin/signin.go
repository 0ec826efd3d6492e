// Package signin judges passwords as a login does: what is wrong counts
// against the login name and locks it. It implements realname.Credentials.
package signin

import (
	"context"
	"errors"
	"time"

	"realname/shared/auth"
	"realname/shared/realname"
	"realname/shared/store"
)

// Credentials are the passwords of all accounts.
type Credentials struct {
	Store   *store.Store
	Hasher  *auth.Hasher
	Lockout auth.Lockout
	Now     func() time.Time
}

// Hash implements realname.Credentials.
func (c Credentials) Hash(password string) (string, error) { return c.Hasher.Hash(password) }

// Check implements realname.Credentials.
func (c Credentials) Check(ctx context.Context, name, password string) error {
	_, _, err := c.Login(ctx, name, password)
	return err
}

// Login returns the account whose password it is, and the instant as of which
// that is so: whatever changed the account later is not in it. The verdict is told
// only once the count of wrong ones is written over the version that was read, so
// that guesses sent in parallel cannot outrun the lock. An unknown login name, and
// one whose account is closed, takes the same calls and the same hash and gets the
// same answers.
// Errors: realname.CodeInvalidCredentials, realname.CodeLoginLocked, and
// realname.CodeActivationRequired for the right activation code of an account
// that has no password yet.
func (c Credentials) Login(ctx context.Context, name, password string) (a realname.Account, asOf time.Time, err error) {
	var judged *verdict
	for {
		now := c.Now()
		view, err := c.Store.LoadLogin(ctx, name)
		if err != nil {
			return a, now, err
		}
		if wait := c.Lockout.Locked(view.Failures, now); wait > 0 {
			return a, now, &realname.Error{Code: realname.CodeLoginLocked, RetryAfter: wait}
		}
		if judged, err = c.judge(judged, view.Account.PasswordHash, password); err != nil {
			return a, now, err
		}
		open := view.Account.ID != "" && view.Account.Disabled.IsZero()
		activates := open && view.Account.Activation.Accepts(auth.SecretHash, password, now)
		passes := open && judged.right
		if passes || activates {
			err = c.Store.ClearFailures(ctx, name, view)
		} else {
			err = c.Store.SaveFailures(ctx, name, view, c.Lockout.Wrong(view.Failures, now), c.Lockout.For)
		}
		switch {
		case errors.Is(err, realname.ErrStale):
			continue
		case err != nil:
			return a, now, err
		case passes:
			return view.Account, now, nil
		case activates:
			return a, now, &realname.Error{Code: realname.CodeActivationRequired}
		}
		return a, now, &realname.Error{Code: realname.CodeInvalidCredentials}
	}
}

// verdict is what a password is against one hash.
type verdict struct {
	hash  string
	right bool
}

// judge hashes the password unless that was done before against the same hash.
func (c Credentials) judge(before *verdict, hash, password string) (*verdict, error) {
	if before != nil && before.hash == hash {
		return before, nil
	}
	right, err := c.Hasher.Verify(hash, password)
	return &verdict{hash, right}, err
}
