package guard

import (
	"slices"
	"time"

	"realname/shared/provider"
)

// The rate of a provider is divided into lanes of one request a second. An
// instance leases lanes in the shared state, one write for many requests, and
// then paces itself without the table (docs/decisions/0023).
const (
	// laneEvery is the least time between two requests of one lane.
	laneEvery = time.Second
	// headroom is the share of the rate that is left for what a network does to
	// the distance between two requests.
	headroom = 0.1
	// pace is the longest that a request waits for its turn instead of being refused.
	pace = 300 * time.Millisecond
)

// lanesOf is how many lanes a rate is worth.
func lanesOf(rate int) int { return max(1, rate-max(1, int(float64(rate)*headroom))) }

// lane is one lane that this instance leases.
type lane struct {
	index int
	until time.Time // from here on it is somebody else's, so its last request comes laneEvery before
	next  time.Time // its next request
}

// quota is this instance's share of a provider's rate.
type quota struct {
	rate   int
	lanes  []lane
	last   time.Time   // the latest request's turn
	recent []time.Time // turns of the last second
}

// forget drops what is over.
func (q *quota) forget(now time.Time) {
	q.lanes = slices.DeleteFunc(q.lanes, func(l lane) bool { return !l.until.After(now) })
	q.recent = slices.DeleteFunc(q.recent, func(t time.Time) bool { return now.Sub(t) >= laneEvery })
}

// turn returns the lane whose next turn comes first, and when; ok is false when
// none comes within pace.
func (q *quota) turn(now time.Time) (best int, at time.Time, ok bool) {
	for i, l := range q.lanes {
		t := latest(now, l.next, q.last.Add(laneEvery/time.Duration(q.rate)))
		if !t.Add(laneEvery).After(l.until) && (!ok || t.Before(at)) {
			best, at, ok = i, t, true
		}
	}
	return best, at, ok && at.Sub(now) <= pace
}

// reserve takes the next turn and returns how long to wait for it.
func (q *quota) reserve(now time.Time) (wait time.Duration, ok bool) {
	q.forget(now)
	best, at, ok := q.turn(now)
	if !ok {
		return 0, false
	}
	q.lanes[best].next, q.last = at.Add(laneEvery), at
	q.recent = append(q.recent, at)
	return at.Sub(now), true
}

// lease returns the shared state in which this instance holds the lanes that it
// needs by what it sent of late: it takes free ones and prolongs those in use.
// ok is false when there is nothing to take and nothing to prolong.
func (q *quota) lease(s provider.State, now time.Time) (n provider.State, held []lane, ok bool) {
	q.forget(now)
	n = s
	n.Lanes = make([]time.Time, lanesOf(q.rate))
	copy(n.Lanes, s.Lanes)
	free := freeLanes(n.Lanes, now)
	take := min(len(free), max(0, len(q.recent)+1-len(q.lanes)))
	until := now.Add(leaseFor(len(free)-take, len(n.Lanes)))
	held = slices.Clone(q.lanes)
	for i, l := range held {
		inUse := now.Sub(l.next) < laneEvery
		if ending := l.until.Sub(now) < laneEvery+pace; inUse && ending {
			longer := latest(until, now.Add(inUseLease))
			held[i].until, n.Lanes[l.index], ok = longer, longer, true
		}
	}
	for _, index := range free[:take] {
		held = append(held, lane{index: index, until: until, next: now})
		n.Lanes[index], ok = until, true
	}
	return n, held, ok
}

func freeLanes(lanes []time.Time, now time.Time) []int {
	var free []int
	for i, until := range lanes {
		if !until.After(now) {
			free = append(free, i)
		}
	}
	return free
}

// inUseLease is the least by which a lane that is in use is prolonged.
const inUseLease = 3 * time.Second

// leaseFor is how long a lease lasts: long while there is plenty, and hardly
// longer than one request when others may wait for what this instance may not use.
func leaseFor(left, total int) time.Duration {
	switch {
	case 8*left >= 7*total:
		return time.Minute
	case 4*left >= 3*total:
		return 10 * time.Second
	case 2*left >= total:
		return 3 * time.Second
	}
	return laneEvery + pace
}

func latest(times ...time.Time) time.Time { return slices.MaxFunc(times, time.Time.Compare) }
