// Package signin checks passwords for signing in. It counts wrong passwords for each
// login name and locks the name after too many, except for devices that signed in
// before. It implements accounts.Credentials.
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
	// NewSecret returns the secret of a device. Only SignIn uses it.
	NewSecret func() (string, error)
	NewID     func() string // of a sign-in. Only SignIn uses it
}

// Hash implements accounts.Credentials.
func (c Credentials) Hash(password string) (string, error) { return c.Hasher.Hash(password) }

// Check implements accounts.Credentials.
func (c Credentials) Check(ctx context.Context, name, password, signInID string) error {
	_, err := c.judgeAt(ctx, Attempt{LoginName: name, Password: password}, func(a realname.Account) string {
		d, _ := a.SignIn(signInID)
		return d.SecretHash
	}, nil)
	return err
}

// Attempt is one attempt to sign in.
type Attempt struct {
	LoginName string
	Password  string
	// DeviceSecret is the secret that the device got at an earlier sign-in, or "".
	DeviceSecret string
	// Browser and System describe the device to the account holder.
	Browser, System string
}

// SignedIn is the result of a successful sign-in.
type SignedIn struct {
	Account realname.Account
	// AsOf is the time of the check: the account does not include later changes.
	AsOf         time.Time
	Device       realname.Device
	DeviceSecret string // for the device to keep
}

// SignIn returns the account of the login name if the password is correct, and makes the
// device known to it. A device keeps its secret: one browser can be known to several
// accounts, whose stored hashes differ.
//
// SignIn returns its verdict only after it has written the count of wrong passwords
// over the version that it read, so that concurrent guesses cannot bypass the lock. For
// an unknown login name or a closed account it makes the same calls, computes the same
// hash and returns the same errors.
// Errors: realname.CodeInvalidCredentials; realname.CodeLoginLocked;
// realname.CodeActivationRequired if the password is the valid activation code of an
// account without a password.
func (c Credentials) SignIn(ctx context.Context, at Attempt) (SignedIn, error) {
	secret := at.DeviceSecret
	if secret == "" {
		var err error
		if secret, err = c.NewSecret(); err != nil {
			return SignedIn{}, err
		}
	}
	signIn := c.NewID()
	in, err := c.judgeAt(ctx, at, func(a realname.Account) string { return deviceHash(a, at.DeviceSecret) },
		func(a realname.Account) realname.Device {
			return realname.Device{
				SecretHash: deviceHash(a, secret), SignInID: signIn, Browser: at.Browser, System: at.System,
			}
		})
	in.DeviceSecret = secret
	return in, err
}

// judgeAt judges the password. presented returns the hash of the device's secret, ""
// for an unknown device. If signsIn is not nil, a right password signs in the device
// that it returns.
func (c Credentials) judgeAt(
	ctx context.Context, at Attempt, presented func(realname.Account) string,
	signsIn func(realname.Account) realname.Device,
) (in SignedIn, err error) {
	var judged *verdict
	for {
		now := c.Now()
		view, err := c.Store.LoadLogin(ctx, at.LoginName)
		if err != nil {
			return in, err
		}
		a := view.Account
		open := a.ID != "" && a.Disabled.IsZero()
		device := presented(a)
		known := open && a.Knows(device, now)
		wait := c.Lockout.Locked(view.Failures, now)
		if wait > 0 && !known {
			return in, &realname.Error{Code: realname.CodeLoginLocked, RetryAfter: wait}
		}
		if judged, err = c.judge(judged, a.PasswordHash, at.Password); err != nil {
			return in, err
		}
		activates := open && a.Activation.Accepts(auth.SecretHash, at.Password, now)
		passes := open && judged.right
		outcome := store.LoginOutcome{Life: c.Lockout.For}
		if wait == 0 { // else the lock of strangers stays as it is
			count := auth.Failures{}
			if !passes && !activates {
				count = c.Lockout.Wrong(view.Failures, now)
			}
			outcome.Failures = &count
		}
		switch {
		case passes && signsIn != nil:
			a = a.WithSignIn(signsIn(a), now)
			in = SignedIn{Account: a, AsOf: now, Device: a.Devices[len(a.Devices)-1]}
			outcome.Account = &a
		case passes && wait > 0:
			a = a.WithRight(device)
			outcome.Account = &a
		case !passes && known:
			a = a.WithWrong(device, now)
			outcome.Account = &a
		}
		err = c.Store.SaveLogin(ctx, at.LoginName, view, outcome)
		switch {
		case errors.Is(err, realname.ErrStale):
			continue
		case err != nil:
			return SignedIn{}, err
		case passes:
			return in, nil
		case activates:
			return SignedIn{}, &realname.Error{Code: realname.CodeActivationRequired}
		}
		failures := view.Failures
		if outcome.Failures != nil {
			failures = *outcome.Failures
		}
		return SignedIn{}, c.refusal(failures, known && outcome.Account.Knows(device, now), now)
	}
}

// refusal says after a wrong password how many attempts remain, or that this one has
// locked the login name. It depends on the count alone, which unknown names have too. A
// device that the account still knows is not subject to that lock.
func (c Credentials) refusal(f auth.Failures, known bool, now time.Time) error {
	if known {
		return &realname.Error{Code: realname.CodeInvalidCredentials}
	}
	if wait := c.Lockout.Locked(f, now); wait > 0 {
		return &realname.Error{Code: realname.CodeLoginLocked, RetryAfter: wait}
	}
	left := c.Lockout.Tries - f.Count
	return &realname.Error{Code: realname.CodeInvalidCredentials, AttemptsLeft: &left}
}

// deviceHash returns the stored form of a device's secret, which differs by account. It
// has 128 bits, to keep the account's record short.
func deviceHash(a realname.Account, secret string) string {
	if secret == "" {
		return ""
	}
	return auth.SecretHash(a.ID + "|" + secret)[:32]
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
