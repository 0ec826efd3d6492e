package guard

import (
	"slices"
	"time"

	"realname/shared/provider"
)

// The rate of a provider is divided into as many lanes, each of slightly less than
// one request per second. An instance leases lanes in the shared state, with one
// write for many requests, and then paces itself without the table
// (docs/decisions/0023).
const (
	// laneEvery is the least time between two requests of one lane: a second, plus a
	// margin because the network can bring two requests closer together.
	laneEvery = 1100 * time.Millisecond
	// pace is the longest wait for a turn; a request with a longer wait is refused.
	pace = 300 * time.Millisecond
	// late is how late a request may be for its turn at the end of a lease.
	late = 100 * time.Millisecond
)

// lane is one lane that this instance leases.
type lane struct {
	index int
	until time.Time // then another instance may lease it, so its last request is laneEvery earlier
	next  time.Time // its next turn
	sent  time.Time // its latest request, which may have gone out later than its turn
}

// quota is this instance's share of a provider's rate.
type quota struct {
	rate   int
	lanes  []lane
	last   time.Time   // the latest request's turn
	recent []time.Time // turns of the last second
}

// forget drops expired leases and old turns.
func (q *quota) forget(now time.Time) {
	q.lanes = slices.DeleteFunc(q.lanes, func(l lane) bool { return !l.until.After(now) })
	q.recent = slices.DeleteFunc(q.recent, func(t time.Time) bool { return now.Sub(t) >= laneEvery })
}

// turn returns the lane with the next turn, and its time; ok is false if no turn
// comes within pace.
func (q *quota) turn(now time.Time) (best int, at time.Time, ok bool) {
	for i, l := range q.lanes {
		t := latest(now, l.next, q.last.Add(laneEvery/time.Duration(q.rate)))
		if !t.Add(laneEvery+late).After(l.until) && (!ok || t.Before(at)) {
			best, at, ok = i, t, true
		}
	}
	return best, at, ok && at.Sub(now) <= pace
}

// reserve takes the next turn and returns its lane and the wait for it.
func (q *quota) reserve(now time.Time) (index int, wait time.Duration, ok bool) {
	q.forget(now)
	best, at, ok := q.turn(now)
	if !ok {
		return 0, 0, false
	}
	q.lanes[best].next, q.last = at.Add(laneEvery), at
	q.recent = append(q.recent, at)
	return q.lanes[best].index, at.Sub(now), true
}

// depart reports whether a request may go out now, at its turn in the lane. On a
// busy machine its wait can take longer than asked. It may not go out if it would be
// too close to another request.
func (q *quota) depart(index int, now time.Time) bool {
	for i := range q.lanes {
		l := &q.lanes[i]
		if l.index != index {
			continue
		}
		if now.Add(laneEvery).After(l.until) || now.Sub(l.sent) < laneEvery {
			return false
		}
		l.sent, l.next = now, latest(l.next, now.Add(laneEvery))
		return true
	}
	return false
}

// lease returns the shared state with the lanes that this instance needs for its
// recent rate: it takes free lanes and extends the ones in use. ok is false if it can
// neither take nor extend a lane.
func (q *quota) lease(s provider.State, now time.Time) (n provider.State, held []lane, ok bool) {
	q.forget(now)
	n = s
	n.Lanes = make([]time.Time, q.rate)
	copy(n.Lanes, s.Lanes)
	free := freeLanes(n.Lanes, now)
	take := min(len(free), max(0, len(q.recent)+1-len(q.lanes)))
	until := now.Add(leaseFor(len(free)-take, len(n.Lanes)))
	held = slices.Clone(q.lanes)
	for i, l := range held {
		inUse := now.Sub(l.next) < laneEvery
		if ending := l.until.Sub(now) < laneEvery+late+pace; inUse && ending {
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

// inUseLease is the least extension of a lane in use.
const inUseLease = 3 * time.Second

// leaseFor returns the length of a lease: long while many lanes are free, and hardly
// longer than one request when other instances may need the lane.
func leaseFor(left, total int) time.Duration {
	switch {
	case 8*left >= 7*total:
		return time.Minute
	case 4*left >= 3*total:
		return 10 * time.Second
	case 2*left >= total:
		return 3 * time.Second
	}
	return laneEvery + late + pace
}

func latest(times ...time.Time) time.Time { return slices.MaxFunc(times, time.Time.Compare) }
