package guard

import "time"

const (
	// slot is the grain of the calendar.
	slot = 50 * time.Millisecond
	// longestPause bounds what a refused user is told to wait.
	longestPause = 5 * time.Minute
)

// calendar spreads refused users over the future, so that those who come back
// when they were told to meet a free turn and not each other.
type calendar struct{ booked map[int64]bool }

// book returns after how many whole seconds a user who is refused now should
// come back, when turns are every apart and the first is at the earliest.
// Users are told whole seconds, so a turn is looked for that far from now.
func (c *calendar) book(now, earliest time.Time, every time.Duration) time.Duration {
	present := now.UnixNano() / int64(slot)
	for s := range c.booked {
		if s < present {
			delete(c.booked, s)
		}
	}
	if c.booked == nil {
		c.booked = map[int64]bool{}
	}
	width := max(1, int64(every/slot))
	for after := time.Second; after < longestPause; after += time.Second {
		at := now.Add(after)
		first := at.UnixNano() / int64(slot)
		if at.Before(earliest) || c.taken(first, width) {
			continue
		}
		c.booked[first] = true
		return after
	}
	return longestPause
}

// taken reports whether a booked turn lies closer than the width.
func (c *calendar) taken(first, width int64) bool {
	for s := first - width + 1; s < first+width; s++ {
		if c.booked[s] {
			return true
		}
	}
	return false
}
