package auth

import "time"

// Lockout limits wrong passwords: that many lock a login name for that long.
type Lockout struct {
	Tries int
	For   time.Duration
}

// DefaultLockout is five wrong passwords, fifteen minutes.
func DefaultLockout() Lockout { return Lockout{Tries: 5, For: 15 * time.Minute} }

// Failures counts the wrong passwords for one login name, existing or not.
type Failures struct {
	Count int       `json:"count"`
	Last  time.Time `json:"last"`
}

// Locked returns how long the login name stays locked; 0 if it is not locked.
func (l Lockout) Locked(f Failures, now time.Time) time.Duration {
	if f.Count < l.Tries {
		return 0
	}
	return max(0, f.Last.Add(l.For).Sub(now))
}

// Wrong adds one wrong password. The count restarts at 1 if the last one is at
// least l.For ago.
func (l Lockout) Wrong(f Failures, now time.Time) Failures {
	if !now.Before(f.Last.Add(l.For)) {
		f = Failures{}
	}
	return Failures{Count: f.Count + 1, Last: now}
}
