package guard

import (
	"context"
	"errors"
	"slices"
	"time"

	"realname/shared/provider"
	"realname/shared/realname"
)

// sharedTries bounds how often a change of the shared state is made anew because
// another instance was first.
const sharedTries = 4

// stateWait bounds one call for the shared state.
const stateWait = 800 * time.Millisecond

// admit gives a request its turn in a lane, after a wait of at most pace, or
// refuses it with the time at which it will pass. probing says that it is the one
// request that tries whether the provider is back.
func (g *Guard) admit(ctx context.Context) (lane int, wait time.Duration, probing bool, refused *provider.Failure) {
	g.mu.Lock()
	defer g.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, stateWait)
	defer cancel()
	for range sharedTries {
		now := g.ports.Now()
		if again := g.closedUntil(now); again.After(now) {
			return 0, 0, false, g.refuse(CodeOpen, now, again)
		}
		probing = !g.state.OpenUntil.IsZero()
		n, held, enough := g.lanes(now)
		if !enough {
			return 0, 0, false, g.refuse(CodeRate, now, now)
		}
		if probing {
			n.ProbeUntil = now.Add(g.policy.Attempt + pace)
		}
		if err := g.agree(ctx, n, held, probing); errors.Is(err, realname.ErrStale) {
			continue
		} else if err != nil {
			break
		}
		if lane, wait, ok := g.quota.reserve(now); ok {
			return lane, wait, probing, nil
		}
	}
	return 0, 0, false, g.refusal(CodeRate, time.Second)
}

// depart lets a request that waited for its turn go out, or refuses it because
// its turn is over.
func (g *Guard) depart(lane int) (refused *provider.Failure) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.ports.Now()
	if g.quota.depart(lane, now) {
		return nil
	}
	return g.refuse(CodeRate, now, now)
}

// lanes returns the shared state and the lanes with which a request has its turn;
// they are those at hand when one of them has.
func (g *Guard) lanes(now time.Time) (provider.State, []lane, bool) {
	if _, _, ok := g.quota.turn(now); ok {
		return g.state, g.quota.lanes, true
	}
	return g.quota.lease(g.state, now)
}

// agree makes the state the shared one, if it differs from the one known.
// Errors: realname.ErrStale when it was not up to date; then it is now.
func (g *Guard) agree(ctx context.Context, n provider.State, held []lane, probing bool) error {
	if len(held) == len(g.quota.lanes) && !probing && slices.Equal(n.Lanes, g.state.Lanes) {
		return nil
	}
	if g.loaded.IsZero() {
		if err := g.load(ctx); err != nil {
			return err
		}
		return realname.ErrStale
	}
	err := g.save(ctx, n)
	switch {
	case err == nil:
		g.quota.lanes = held
	case errors.Is(err, realname.ErrStale):
		if lerr := g.load(ctx); lerr != nil {
			return lerr
		}
	}
	return err
}

// closedUntil is when the next request may be sent as far as the breaker goes.
func (g *Guard) closedUntil(now time.Time) time.Time {
	if g.state.OpenUntil.IsZero() {
		return now
	}
	return latest(now, g.state.OpenUntil, g.state.ProbeUntil)
}

// refuse tells a user when to come back, each a different time.
func (g *Guard) refuse(code string, now, earliest time.Time) *provider.Failure {
	every := time.Second / time.Duration(max(1, len(g.quota.lanes)))
	return g.refusal(code, g.calendar.book(now, earliest, every))
}

func (g *Guard) load(ctx context.Context) error {
	s, err := g.ports.States.LoadProviderState(ctx, g.name())
	if err == nil {
		g.state, g.loaded = s, g.ports.Now()
	}
	return err
}

func (g *Guard) save(ctx context.Context, n provider.State) error {
	err := g.ports.States.SaveProviderState(ctx, g.name(), n)
	if err == nil {
		n.Version++
		g.state, g.loaded = n, g.ports.Now()
	}
	return err
}
