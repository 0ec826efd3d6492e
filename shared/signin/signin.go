// Package signin checks passwords for signing in. It counts wrong passwords for each
// login name and locks the name after too many. It implements accounts.Credentials.
package signin

import (
	"context"
	"errors"
	"time"

	"realname/shared/auth"
	"realname/shared/realname"
	"realname/shared/store"
)

// Credentials checks and hashes the passwords of all accounts.
type Credentials struct {
	Store   *store.Store
	Hasher  *auth.Hasher
	Lockout auth.Lockout
	Now     func() time.Time
}

// Hash implements accounts.Credentials.
func (c Credentials) Hash(password string) (string, error) { return c.Hasher.Hash(password) }

// Check implements accounts.Credentials.
func (c Credentials) Check(ctx context.Context, name, password string) error {
	_, _, err := c.Login(ctx, name, password)
	return err
}

// Login returns the account of the login name if the password is correct. asOf is the
// time of that check: the account does not include later changes.
//
// Login returns its verdict only after it has written the count of wrong passwords
// over the version that it read, so that concurrent guesses cannot bypass the lock. For
// an unknown login name or a closed account it makes the same calls, computes the same
// hash and returns the same errors.
// Errors: realname.CodeInvalidCredentials; realname.CodeLoginLocked;
// realname.CodeActivationRequired if the password is the valid activation code of an
// account without a password.
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

// verdict is the result of checking a password against one hash.
type verdict struct {
	hash  string
	right bool
}

// judge checks the password against the hash. If before is a verdict on the same hash,
// judge returns it instead of hashing again.
func (c Credentials) judge(before *verdict, hash, password string) (*verdict, error) {
	if before != nil && before.hash == hash {
		return before, nil
	}
	right, err := c.Hasher.Verify(hash, password)
	return &verdict{hash, right}, err
}
