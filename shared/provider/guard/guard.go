// Package guard stands between the domain and its providers: it keeps to a
// provider's rate over all function instances, gives each request a deadline,
// repeats what may be repeated, stops asking a provider that is down, and asks
// the next one. What is refused here is refused at once, with the time when it
// will be taken; nothing waits in a queue.
package guard

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/circuitbreaker"
	"github.com/failsafe-go/failsafe-go/retrypolicy"
	"golang.org/x/sync/semaphore"

	"realname/shared/provider"
	"realname/shared/realname"
)

// Codes of requests that were refused here and never sent.
const (
	CodeOpen = "breaker_open"       // the provider was found down a moment ago
	CodeRate = "rate_limit"         // the provider's rate is used up
	CodeFull = "too_many_in_flight" // the provider is slow, and enough requests wait for it
)

// Ports is what a guard needs from outside.
type Ports struct {
	States provider.States
	Now    func() time.Time
	Wait   func(ctx context.Context, d time.Duration) error
	// Changed is told when this instance opens or closes a breaker.
	Changed func(ctx context.Context, name string, open bool)
	// Asked is told of every request that was sent, how long its answer took and
	// what it came to.
	Asked func(ctx context.Context, provider string, check realname.CheckName, took time.Duration, r realname.CheckResult)
}

// Guard stands before one check of one provider.
type Guard struct {
	provider string
	check    realname.CheckName
	policy   Policy
	ports    Ports
	retry    failsafe.Executor[any]
	inFlight *semaphore.Weighted

	mu       sync.Mutex
	state    provider.State // as last seen; what holds for all instances
	loaded   time.Time
	outcomes circuitbreaker.CircuitBreaker[any] // of this instance; says when to open
	quota    quota
	calendar calendar
}

// New returns a guard before the check of the provider.
func New(providerName string, check realname.CheckName, p Policy, ports Ports) *Guard {
	again := func(_ any, err error) bool { return repeatable(err, p) }
	return &Guard{
		provider: providerName, check: check, policy: p, ports: ports,
		inFlight: semaphore.NewWeighted(int64(p.InFlight)),
		outcomes: circuitbreaker.NewBuilder[any]().WithFailureThresholdRatio(p.Failures, p.Of).Build(),
		quota:    quota{rate: p.Rate},
		retry: failsafe.With[any](retrypolicy.NewBuilder[any]().HandleIf(again).ReturnLastFailure().
			WithMaxRetries(p.Retries).WithBackoff(100*time.Millisecond, time.Second).WithJitterFactor(0.5).Build()),
	}
}

// name is the key of the shared state.
func (g *Guard) name() string { return g.provider + "." + string(g.check) }

// repeatable reports whether a request that failed so may be sent again at once.
func repeatable(err error, p Policy) bool {
	var f *provider.Failure
	return errors.As(err, &f) && (f.NoEffect || p.Repeatable) && !f.Throttled && f.RetryAfter == 0
}

// ask is one request to a provider.
type ask func(ctx context.Context) (realname.CheckResult, error)

// Do asks the provider, within the context's deadline, as often as the policy
// allows. A check that had no answer says when another one makes sense.
func (g *Guard) Do(ctx context.Context, do ask) (realname.CheckResult, error) {
	var result realname.CheckResult
	var err error
	asked := false
	_ = g.retry.WithContext(ctx).Run(func() error { // what it returns is err, or that the time is over
		sent, r, e := g.attempt(ctx, do)
		if !sent && asked { // the provider's word says more than that of its guard
			result.RetryAfter = r.RetryAfter
			return nil
		}
		asked, result, err = sent, r, e
		return e
	})
	return result, err
}

// leastTime is the least that must be left of the deadline for a request.
const leastTime = 300 * time.Millisecond

// attempt sends one request when it may be sent.
func (g *Guard) attempt(ctx context.Context, do ask) (sent bool, r realname.CheckResult, err error) {
	lane, wait, probing, refused := g.admit(ctx)
	if refused != nil {
		return false, notAsked(refused), refused
	}
	if !g.inFlight.TryAcquire(1) {
		f := g.refusal(CodeFull, time.Second)
		return false, notAsked(f), f
	}
	defer g.inFlight.Release(1)
	limited, cancel := context.WithTimeout(ctx, wait+g.policy.Attempt)
	defer cancel()
	if deadline, ok := limited.Deadline(); ok && deadline.Sub(g.ports.Now())-wait < leastTime || g.ports.Wait(limited, wait) != nil {
		f := g.refusal(provider.CodeNoTime, time.Second)
		return false, notAsked(f), f
	}
	if refused := g.depart(lane); refused != nil {
		return false, notAsked(refused), refused
	}
	begun := g.ports.Now()
	r, err = do(limited)
	took := g.ports.Now().Sub(begun)
	g.record(ctx, probing, r, err)
	if r.Outcome == "" && err != nil {
		var f *provider.Failure
		if errors.As(err, &f) {
			r = noAnswer(f)
		}
	}
	if g.ports.Asked != nil {
		g.ports.Asked(ctx, g.provider, g.check, took, r)
	}
	return true, r, err
}

// refusal is a request that was not sent.
func (g *Guard) refusal(code string, after time.Duration) *provider.Failure {
	return &provider.Failure{Provider: g.provider, API: string(g.check), Code: code, NoEffect: true, Throttled: code != provider.CodeNoTime, RetryAfter: after}
}

// noAnswer is the result of a check that failed so.
func noAnswer(f *provider.Failure) realname.CheckResult {
	r := realname.CheckResult{Outcome: realname.Unavailable, Provider: f.Provider, Code: f.Code, RequestID: f.RequestID, RetryAfter: f.RetryAfter}
	if f.Throttled {
		r.Outcome = realname.Limited
	}
	return r
}

// notAsked is noAnswer of a request that was not sent.
func notAsked(f *provider.Failure) realname.CheckResult {
	r := noAnswer(f)
	r.NotAsked = true
	return r
}
