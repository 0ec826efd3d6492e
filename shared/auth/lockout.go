package auth

import "time"

// Lockout says how many wrong passwords lock a login name, and for how long.
type Lockout struct {
	Tries int
	For   time.Duration
}

// DefaultLockout is five wrong passwords, fifteen minutes.
func DefaultLockout() Lockout { return Lockout{Tries: 5, For: 15 * time.Minute} }

// Failures are the wrong passwords given for one login name, known or not.
type Failures struct {
	Count int       `json:"count"`
	Last  time.Time `json:"last"`
}

// Locked returns how long the login name is locked still; 0 when it is not.
func (l Lockout) Locked(f Failures, now time.Time) time.Duration {
	if f.Count < l.Tries {
		return 0
	}
	return max(0, f.Last.Add(l.For).Sub(now))
}

// Wrong counts one more. The count begins anew when the last one is longer ago
// than a lock lasts.
func (l Lockout) Wrong(f Failures, now time.Time) Failures {
	if !now.Before(f.Last.Add(l.For)) {
		f = Failures{}
	}
	return Failures{Count: f.Count + 1, Last: now}
}
