package guard

import (
	"context"
	"errors"
	"slices"
	"time"

	"realname/shared/provider"
	"realname/shared/realname"
)

// sharedAttempts bounds the attempts to change the shared state while other instances
// change it first.
const sharedAttempts = 4

// stateWait bounds the time for the calls for the shared state.
const stateWait = 800 * time.Millisecond

// admit gives a request a turn in a lane, after a wait of at most pace, or refuses
// it with the time of a free turn. probing means that this request probes whether
// the provider works again.
func (g *Guard) admit(ctx context.Context) (lane int, wait time.Duration, probing bool, refused *provider.Failure) {
	g.mu.Lock()
	defer g.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, stateWait)
	defer cancel()
	for range sharedAttempts {
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

// depart lets a request go out after its wait, or refuses it if it missed its turn.
func (g *Guard) depart(lane int) (refused *provider.Failure) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.ports.Now()
	if g.quota.depart(lane, now) {
		return nil
	}
	return g.refuse(CodeRate, now, now)
}

// lanes returns the shared state and the lanes that give a request a turn. It leases
// more lanes only if none of the current ones has a turn.
func (g *Guard) lanes(now time.Time) (provider.State, []lane, bool) {
	if _, _, ok := g.quota.turn(now); ok {
		return g.state, g.quota.lanes, true
	}
	return g.quota.lease(g.state, now)
}

// agree saves the state as the shared one if it differs from the known one.
// Errors: realname.ErrStale if the known state was out of date; agree has then
// loaded the current one.
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

// closedUntil returns the instant from which the breaker allows a request.
func (g *Guard) closedUntil(now time.Time) time.Time {
	if g.state.OpenUntil.IsZero() {
		return now
	}
	return latest(now, g.state.OpenUntil, g.state.ProbeUntil)
}

// refuse returns a refusal with the time to wait. Each user gets another time.
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
