package guard

import (
	"context"
	"errors"
	"time"

	"realname/shared/provider"
	"realname/shared/realname"
)

// adoptAfter is the greatest age of the known state when a request fails. An older
// state is loaded again, since another instance may have opened the breaker.
const adoptAfter = time.Second

// record counts the outcome of a request, and opens or closes the breaker for all
// instances. A request with an answer costs no call of the table.
func (g *Guard) record(ctx context.Context, probing bool, r realname.CheckResult, err error) {
	if errors.Is(ctx.Err(), context.Canceled) {
		return // the caller went away, which does not concern the provider
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stateWait)
	defer cancel()
	g.mu.Lock()
	defer g.mu.Unlock()
	down := isDown(r, err)
	switch {
	case probing && down:
		g.share(ctx, func(s provider.State) provider.State { return g.opened(s) })
	case probing:
		g.share(ctx, func(s provider.State) provider.State {
			s.OpenUntil, s.ProbeUntil, s.Trips = time.Time{}, time.Time{}, 0
			return s
		})
		g.tell(ctx, false)
	case !down:
		g.outcomes.RecordSuccess()
	case g.state.OpenUntil.IsZero():
		g.fail(ctx)
	}
}

// fail counts a failure while the breaker is closed.
func (g *Guard) fail(ctx context.Context) {
	g.outcomes.RecordFailure()
	if g.outcomes.IsOpen() {
		g.outcomes.Close() // from here on the shared state decides
		g.share(ctx, func(s provider.State) provider.State {
			if !s.OpenUntil.IsZero() {
				return s // another instance opened the breaker first
			}
			return g.opened(s)
		})
		g.tell(ctx, true)
		return
	}
	if g.ports.Now().Sub(g.loaded) > adoptAfter {
		_ = g.load(ctx) // if it fails, this instance opens its own breaker
	}
}

// isDown reports whether the answer, or its absence, means that the provider does
// not work.
func isDown(r realname.CheckResult, err error) bool {
	var f *provider.Failure
	if errors.As(err, &f) && f.Throttled {
		return false
	}
	return err != nil || r.Outcome == realname.Unavailable
}

// opened returns the state after the provider was down once more.
func (g *Guard) opened(s provider.State) provider.State {
	pause := g.policy.OpenFor
	for range s.Trips {
		pause = min(2*pause, g.policy.OpenMost)
	}
	s.Trips++
	s.OpenUntil, s.ProbeUntil = g.ports.Now().Add(pause), time.Time{}
	return s
}

// share changes the shared state. If the table fails, the change applies only to
// this instance.
func (g *Guard) share(ctx context.Context, change func(provider.State) provider.State) {
	for range sharedAttempts {
		n := change(g.state)
		err := g.save(ctx, n)
		if errors.Is(err, realname.ErrStale) && g.load(ctx) == nil {
			continue
		}
		if err != nil {
			g.state = n
		}
		return
	}
}

func (g *Guard) tell(ctx context.Context, open bool) {
	if g.ports.Changed != nil {
		g.ports.Changed(ctx, g.name(), open)
	}
}
