package realname

import (
	"slices"
	"time"
)

// Limits of the devices of an account.
const (
	MaxDevices  = 10                   // the least recently used one is forgotten first
	DeviceLife  = 180 * 24 * time.Hour // since the last sign-in
	DeviceTries = 5                    // wrong passwords since the last right one
)

// Device is a browser, or another client, that signed in to an account. It holds a
// secret, of which the account stores a hash. Together with the right password, the
// secret gets through while strangers' wrong passwords lock the login name.
type Device struct {
	SecretHash string    `json:"secretHash"`
	FirstAt    time.Time `json:"firstAt"`
	LastAt     time.Time `json:"lastAt"` // the last sign-in
	Wrong      int       `json:"wrong,omitempty"`
}

// device returns the index of the device with the secret's hash, or -1.
func (a Account) device(secretHash string, now time.Time) int {
	return slices.IndexFunc(a.Devices, func(d Device) bool {
		return d.SecretHash == secretHash && now.Before(d.LastAt.Add(DeviceLife))
	})
}

// Knows reports whether the lock of the login name does not apply to the device with
// the secret's hash. A device with DeviceTries wrong passwords is unknown until the next
// sign-in from it, so that a stolen secret does not allow endless guesses.
func (a Account) Knows(secretHash string, now time.Time) bool {
	i := a.device(secretHash, now)
	return i >= 0 && a.Devices[i].Wrong < DeviceTries
}

// WithWrong returns the account with one more wrong password of the device.
func (a Account) WithWrong(secretHash string, now time.Time) Account {
	if i := a.device(secretHash, now); i >= 0 {
		a.Devices = slices.Clone(a.Devices)
		a.Devices[i].Wrong++
		a.SignInWrites++
	}
	return a
}

// WithSignIn returns the account with a sign-in of the device, which is added if the
// account does not have it. It forgets expired devices.
func (a Account) WithSignIn(secretHash string, now time.Time) Account {
	device := Device{SecretHash: secretHash, FirstAt: now}
	if i := a.device(secretHash, now); i >= 0 {
		device = a.Devices[i]
	}
	device.LastAt, device.Wrong = now, 0
	a.Devices = slices.DeleteFunc(slices.Clone(a.Devices), func(d Device) bool {
		return d.SecretHash == secretHash || !now.Before(d.LastAt.Add(DeviceLife))
	})
	slices.SortStableFunc(a.Devices, func(x, y Device) int { return x.LastAt.Compare(y.LastAt) })
	if over := len(a.Devices) + 1 - MaxDevices; over > 0 {
		a.Devices = a.Devices[over:]
	}
	a.Devices = append(a.Devices, device)
	a.SignInWrites++
	return a
}

// Edition is the version of the account's information: it stays the same when a
// sign-in writes the account.
func (a Account) Edition() int64 { return a.Version - a.SignInWrites }
