package guard

import "time"

const (
	// slot is the resolution of the calendar.
	slot = 50 * time.Millisecond
	// longestPause is the longest time that a refused user has to wait.
	longestPause = 5 * time.Minute
)

// calendar spreads refused users over the future, so that users who come back at
// their time find a free turn and do not compete.
type calendar struct{ booked map[int64]bool }

// book returns the number of whole seconds after which a user who is refused now
// should come back. Turns are every apart, and none is before earliest. Retry-After
// has whole seconds, so book looks only at turns whole seconds from now.
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

// taken reports whether a booked turn is closer than the width.
func (c *calendar) taken(first, width int64) bool {
	for s := first - width + 1; s < first+width; s++ {
		if c.booked[s] {
			return true
		}
	}
	return false
}
