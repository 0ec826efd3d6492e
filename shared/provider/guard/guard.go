// Package guard stands between the domain and its providers. It keeps to a
// provider's rate over all function instances, gives each request a deadline,
// repeats requests that may be repeated, stops asking a provider that is down, and
// asks the next one. It has no queue: it refuses a request at once, with the time at
// which to try again.
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

// Codes of requests that the guard refused and never sent.
const (
	CodeOpen = "breaker_open"       // the provider was down a moment ago
	CodeRate = "rate_limit"         // the provider's rate is used up
	CodeFull = "too_many_in_flight" // the provider is slow, and enough requests wait for it
)

// Ports holds the dependencies of a guard.
type Ports struct {
	States provider.States
	Now    func() time.Time
	Wait   func(ctx context.Context, d time.Duration) error
	// Changed is called when this instance opens or closes a breaker.
	Changed func(ctx context.Context, name string, open bool)
	// Asked is called after every sent request, with its duration and its result.
	Asked func(ctx context.Context, provider string, check realname.CheckName, took time.Duration, r realname.CheckResult)
}

// Guard guards one check of one provider.
type Guard struct {
	provider string
	check    realname.CheckName
	policy   Policy
	ports    Ports
	retry    failsafe.Executor[any]
	inFlight *semaphore.Weighted

	mu       sync.Mutex
	state    provider.State // the latest known state, shared by all instances
	loaded   time.Time
	outcomes circuitbreaker.CircuitBreaker[any] // of this instance; decides when to open
	quota    quota
	calendar calendar
}

// New returns a guard for the check of the provider.
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

// name returns the key of the shared state.
func (g *Guard) name() string { return g.provider + "." + string(g.check) }

// repeatable reports whether a request with this error may be repeated at once.
func repeatable(err error, p Policy) bool {
	var f *provider.Failure
	return errors.As(err, &f) && (f.NoEffect || p.Repeatable) && !f.Throttled && f.RetryAfter == 0
}

// ask is one request to a provider.
type ask func(ctx context.Context) (realname.CheckResult, error)

// Do asks the provider within the context's deadline, and repeats the request as
// often as the policy allows. A result without an answer holds the time after which
// to try again.
func (g *Guard) Do(ctx context.Context, do ask) (realname.CheckResult, error) {
	var result realname.CheckResult
	var err error
	asked := false
	// The error of Run is err, or that of the expired context.
	_ = g.retry.WithContext(ctx).Run(func() error {
		sent, r, e := g.attempt(ctx, do)
		if !sent && asked { // the provider's error explains more than the guard's
			result.RetryAfter = r.RetryAfter
			return nil
		}
		asked, result, err = sent, r, e
		return e
	})
	return result, err
}

// Once asks the provider once within the context's deadline.
func (g *Guard) Once(ctx context.Context, do ask) (realname.CheckResult, error) {
	_, r, err := g.attempt(ctx, do)
	return r, err
}

// leastTime is the least time before the deadline for a request.
const leastTime = 300 * time.Millisecond

// attempt sends one request if the guard admits it.
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
	deadline, ok := limited.Deadline()
	tooLate := ok && deadline.Sub(g.ports.Now())-wait < leastTime
	if tooLate || g.ports.Wait(limited, wait) != nil {
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
			r = provider.Failed(f.Provider, f)
		}
	}
	if g.ports.Asked != nil && !r.NotAsked {
		g.ports.Asked(ctx, g.provider, g.check, took, r)
	}
	return true, r, err
}

// refusal returns the failure of a request that was not sent.
func (g *Guard) refusal(code string, after time.Duration) *provider.Failure {
	return &provider.Failure{
		Provider: g.provider, API: string(g.check), Code: code,
		NoEffect: true, Throttled: code != provider.CodeNoTime, RetryAfter: after,
	}
}

// notAsked returns the result of a request that was not sent.
func notAsked(f *provider.Failure) realname.CheckResult {
	r := provider.Failed(f.Provider, f)
	r.NotAsked = true
	return r
}
