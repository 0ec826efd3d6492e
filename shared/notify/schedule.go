package notify

import "time"

// Schedule holds the delays between the attempts to deliver a notice.
type Schedule struct {
	First time.Duration // delay after the first attempt
	Most  time.Duration // the delay doubles up to this
	For   time.Duration // after this time from the first attempt, the notice is dead
}

// DefaultSchedule makes about fifty attempts in a day: after 30 s, 1 min, 2 min and
// so on up to every 30 min.
func DefaultSchedule() Schedule {
	return Schedule{First: 30 * time.Second, Most: 30 * time.Minute, For: 24 * time.Hour}
}

// Delay returns the time from the n-th attempt (from 1) to the next one.
func (s Schedule) Delay(n int) time.Duration {
	d := s.First
	for ; n > 1 && d < s.Most; n-- {
		d *= 2
	}
	return min(d, s.Most)
}

// longestAttempt bounds one attempt. It is shorter than the shortest delay, because
// another run may attempt the notice when the delay is over.
const longestAttempt = 25 * time.Second

func (s Schedule) attemptFor() time.Duration { return min(longestAttempt, s.First) }
