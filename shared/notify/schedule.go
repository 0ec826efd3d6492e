package notify

import "time"

// Schedule says when a notice is tried again.
type Schedule struct {
	First time.Duration // after the first try
	Most  time.Duration // the delay doubles up to this
	For   time.Duration // from the first try on; then the notice is dead
}

// DefaultSchedule tries about fifty times in a day: after 30 s, 1 min, 2 min and
// so on up to every 30 min.
func DefaultSchedule() Schedule {
	return Schedule{First: 30 * time.Second, Most: 30 * time.Minute, For: 24 * time.Hour}
}

// Delay is how long after its n-th try, from 1, a notice waits for the next.
func (s Schedule) Delay(n int) time.Duration {
	d := s.First
	for ; n > 1 && d < s.Most; n-- {
		d *= 2
	}
	return min(d, s.Most)
}

// longestTry bounds one try. It is shorter than the shortest delay, since until
// that is over the try has the notice for itself.
const longestTry = 25 * time.Second

func (s Schedule) tryFor() time.Duration { return min(longestTry, s.First) }
