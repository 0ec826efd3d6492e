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
	SecretHash string
	// SignInID is in each token of the device. It is empty once the device signed out.
	SignInID string
	Browser  string // the name of a known browser, or ""
	System   string // the name of a known operating system, or ""
	FirstAt  time.Time
	LastAt   time.Time // the last sign-in with the password
	UsedAt   time.Time // the last issue of a token
	Wrong    int
}

// SignInLife is how long a sign-in lasts.
type SignInLife struct {
	Idle time.Duration // without a request for a new token
	Most time.Duration // since the password
}

// Ends returns the time at which the sign-in ends whatever the user does.
func (l SignInLife) Ends(d Device) time.Time { return d.LastAt.Add(l.Most) }

// Lasts reports whether the device is signed in: its latest token is still valid.
func (l SignInLife) Lasts(d Device, a Account, now time.Time) bool {
	return d.SignInID != "" && d.UsedAt.After(a.TokensFrom) && now.Before(d.UsedAt.Add(l.Idle)) && now.Before(l.Ends(d))
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

// WithRight returns the account after a right password of the device that signs nobody in.
func (a Account) WithRight(secretHash string) Account {
	a.Devices = slices.Clone(a.Devices)
	for i := range a.Devices {
		if a.Devices[i].SecretHash == secretHash {
			a.Devices[i].Wrong = 0
		}
	}
	a.SignInWrites++
	return a
}

// WithSignIn returns the account with a sign-in of the device, which is added if the
// account does not have it. A device that is still signed in keeps the ID of its sign-in,
// because its other windows have tokens of it. WithSignIn forgets expired devices.
func (a Account) WithSignIn(device Device, now time.Time) Account {
	device.FirstAt = now
	if i := a.device(device.SecretHash, now); i >= 0 {
		device.FirstAt = a.Devices[i].FirstAt
		if a.Devices[i].SignInID != "" {
			device.SignInID = a.Devices[i].SignInID
		}
	}
	device.LastAt, device.UsedAt, device.Wrong = now, now, 0
	a.Devices = slices.DeleteFunc(slices.Clone(a.Devices), func(d Device) bool {
		return d.SecretHash == device.SecretHash || !now.Before(d.LastAt.Add(DeviceLife))
	})
	slices.SortStableFunc(a.Devices, func(x, y Device) int { return x.UsedAt.Compare(y.UsedAt) })
	if over := len(a.Devices) + 1 - MaxDevices; over > 0 {
		a.Devices = a.Devices[over:]
	}
	a.Devices = append(a.Devices, device)
	a.SignInWrites++
	return a
}

// SignIn returns the device with the sign-in; ok is false if there is none.
func (a Account) SignIn(id string) (d Device, ok bool) {
	i := slices.IndexFunc(a.Devices, func(d Device) bool { return id != "" && d.SignInID == id })
	if i < 0 {
		return Device{}, false
	}
	return a.Devices[i], true
}

// WithUse returns the account with another token of the sign-in.
func (a Account) WithUse(id string, now time.Time) Account {
	return a.withEdit(id, func(d *Device) { d.UsedAt = now })
}

// SignedOut returns the account without the sign-in. The device stays known.
func (a Account) SignedOut(id string) Account {
	return a.withEdit(id, func(d *Device) { d.SignInID = "" })
}

// Forgets returns the account without the sign-in and its device.
func (a Account) Forgets(id string) Account {
	a.Devices = slices.DeleteFunc(slices.Clone(a.Devices), func(d Device) bool { return d.SignInID == id })
	a.SignInWrites++
	return a
}

func (a Account) withEdit(signIn string, edit func(*Device)) Account {
	a.Devices = slices.Clone(a.Devices)
	for i := range a.Devices {
		if a.Devices[i].SignInID == signIn {
			edit(&a.Devices[i])
		}
	}
	a.SignInWrites++
	return a
}

// Unchanged returns the account for a write that only depends on it: the write fails if the
// account changed since it was read.
func (a Account) Unchanged() Account {
	a.SignInWrites++
	return a
}

// Edition is the version of the account's information: it stays the same when a
// sign-in writes the account.
func (a Account) Edition() int64 { return a.Version - a.SignInWrites }
