package guard_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"realname/shared/clock"
	"realname/shared/provider"
	"realname/shared/provider/guard"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table"
	"realname/shared/table/memory"
)

// fleet is a table with any number of function instances. Every test runs in a
// synctest bubble, whose clock stands still unless all goroutines wait.
type fleet struct {
	t       *testing.T
	policy  guard.Policy
	states  *store.Store
	wait    func(context.Context, time.Duration) error
	changes []string
}

func newFleet(t *testing.T, change func(*guard.Policy)) *fleet {
	p := guard.DefaultPolicy()
	if change != nil {
		change(&p)
	}
	return &fleet{t: t, policy: p, wait: clock.Wait, states: store.New(table.Counted(memory.New(time.Now)))}
}

func (f *fleet) instance() *guard.Guard {
	return guard.New("tencent", "id_card", f.policy, guard.Ports{
		States: f.states, Now: time.Now, Wait: f.wait,
		Changed: func(_ context.Context, name string, open bool) {
			word := map[bool]string{true: "open", false: "closed"}[open]
			f.changes = append(f.changes, name+" "+word)
		},
	})
}

// fakeProvider is a provider with the answers of a test.
type fakeProvider struct {
	err     error
	fails   int // number of requests that fail with err; 0 means all
	latency time.Duration
	way     func() time.Duration // the time until a request arrives; nil means none
	mu      sync.Mutex
	asked   []time.Time
	most    atomic.Int64
	now     atomic.Int64
}

func (c *fakeProvider) ask(ctx context.Context) (realname.CheckResult, error) {
	if c.way != nil {
		time.Sleep(c.way())
	}
	c.mu.Lock()
	c.asked = append(c.asked, time.Now())
	err := c.err
	if c.fails > 0 && len(c.asked) > c.fails {
		err = nil
	}
	c.mu.Unlock()
	c.most.Store(max(c.most.Load(), c.now.Add(1)))
	defer c.now.Add(-1)
	if clock.Wait(ctx, c.latency) != nil {
		return realname.CheckResult{}, &provider.Failure{Provider: "tencent", API: "x", Code: provider.CodeTimeout}
	}
	if err != nil {
		return realname.CheckResult{}, err
	}
	return realname.CheckResult{Outcome: realname.Match, Provider: "tencent"}, nil
}

// peak returns the largest number of requests within one second.
func (c *fakeProvider) peak() int {
	most, from := 0, 0
	for to, at := range c.asked {
		for at.Sub(c.asked[from]) >= time.Second {
			from++
		}
		most = max(most, to-from+1)
	}
	return most
}

func down() error { return &provider.Failure{Provider: "tencent", API: "x", Code: "InternalError"} }

func TestDoReturnsAnAnswerAndRepeatsFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, nil)
		g, c := f.instance(), &fakeProvider{}
		if r, err := g.Do(t.Context(), c.ask); err != nil || r.Outcome != realname.Match || len(c.asked) != 1 {
			t.Fatalf("%+v %v after %d requests", r, err, len(c.asked))
		}
		c = &fakeProvider{err: down(), fails: 2}
		if r, err := g.Do(t.Context(), c.ask); err != nil || r.Outcome != realname.Match || len(c.asked) != 3 {
			t.Errorf("%+v %v after %d requests", r, err, len(c.asked))
		}
	})
}

func TestDoRepeatsOnlyRepeatableRequests(t *testing.T) {
	lost := &provider.Failure{Code: provider.CodeUnreachable}
	throttled := &provider.Failure{
		Code: "RequestLimitExceeded", NoEffect: true, Throttled: true, RetryAfter: time.Second,
	}
	inArrears := &provider.Failure{Code: "ResourceUnavailable.InArrears", NoEffect: true, RetryAfter: time.Minute}
	for name, c := range map[string]struct {
		err        error
		repeatable bool
		requests   int
	}{
		"a message whose answer was lost":      {lost, false, 1},
		"a message that was not sent":          {&provider.Failure{Code: provider.CodeUnreachable, NoEffect: true}, false, 3},
		"a check whose answer was lost":        {lost, true, 3},
		"a request above the provider's rate":  {throttled, true, 1},
		"a request of an account in arrears":   {inArrears, true, 1},
		"an error that is not from a provider": {errors.New("a bug"), true, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFleet(t, func(p *guard.Policy) { p.Repeatable = c.repeatable })
				p := &fakeProvider{err: c.err}
				_, err := f.instance().Do(t.Context(), p.ask)
				if !errors.Is(err, c.err) || len(p.asked) != c.requests {
					t.Errorf("%v after %d requests, want %d", err, len(p.asked), c.requests)
				}
			})
		})
	}
}

func TestARequestEndsAtItsDeadlineAndACheckAtTheFunctions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, nil)
		c := &fakeProvider{latency: time.Minute}
		ctx, cancel := context.WithTimeout(t.Context(), 8*time.Second)
		defer cancel()
		begin := time.Now()
		r, err := f.instance().Do(ctx, c.ask)
		if took := time.Since(begin); took > 8*time.Second || r.Outcome != realname.Unavailable || err == nil {
			t.Errorf("%+v %v after %s", r, err, took)
		}
		if first := c.asked[1].Sub(c.asked[0]); first < f.policy.Attempt || first > f.policy.Attempt+time.Second {
			t.Errorf("the second request came after %s", first)
		}
	})
}

func TestTheBreakerOpensForAllInstancesAndClosesAfterOneProbe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, func(p *guard.Policy) { p.Retries = 0 })
		a, b := f.instance(), f.instance()
		c := &fakeProvider{err: down()}
		if _, err := b.Do(t.Context(), (&fakeProvider{}).ask); err != nil {
			t.Fatal(err)
		}
		for range 5 {
			time.Sleep(time.Second)
			_, _ = a.Do(t.Context(), c.ask)
		}
		if len(f.changes) != 1 || f.changes[0] != "tencent.id_card open" {
			t.Fatalf("after five failures: %v", f.changes)
		}
		r, err := a.Do(t.Context(), c.ask)
		if r.Code != guard.CodeOpen || r.Outcome != realname.Limited || err == nil {
			t.Errorf("%+v %v", r, err)
		}
		if r.RetryAfter < f.policy.OpenFor-time.Second {
			t.Errorf("try again after %s", r.RetryAfter)
		}
		_, _ = b.Do(t.Context(), c.ask) // after its first failure it reads the shared state
		if r, _ := b.Do(t.Context(), c.ask); r.Code != guard.CodeOpen || len(c.asked) != 6 {
			t.Errorf("the other instance: %+v after %d requests", r, len(c.asked))
		}

		time.Sleep(r.RetryAfter + time.Second)
		c.latency = 2 * time.Second
		go func() { _, _ = a.Do(t.Context(), c.ask) }()
		synctest.Wait()
		time.Sleep(500 * time.Millisecond)
		if r, _ := b.Do(t.Context(), c.ask); r.Code != guard.CodeOpen || len(c.asked) != 7 {
			t.Errorf("during the probe: %+v after %d requests", r, len(c.asked))
		}
		time.Sleep(2 * time.Second) // the probe failed
		r, _ = a.Do(t.Context(), c.ask)
		if r.Code != guard.CodeOpen || r.RetryAfter < 2*f.policy.OpenFor-2*time.Second {
			t.Errorf("after a failed probe: %+v", r)
		}
		time.Sleep(2*f.policy.OpenFor + time.Second)
		c.err, c.latency = nil, 0
		for _, g := range []*guard.Guard{b, a} {
			if r, err := g.Do(t.Context(), c.ask); err != nil || r.Outcome != realname.Match {
				t.Errorf("after the outage: %+v %v", r, err)
			}
		}
		if len(f.changes) != 2 || f.changes[1] != "tencent.id_card closed" {
			t.Errorf("%v", f.changes)
		}
	})
}

func TestABreakerWorksForItsInstanceWithoutTheTable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, func(p *guard.Policy) { p.Retries = 0 })
		broken := &brokenStates{States: f.states}
		g := guard.New("tencent", "id_card", f.policy, guard.Ports{States: broken, Now: time.Now, Wait: clock.Wait})
		c := &fakeProvider{err: down()}
		_, _ = g.Do(t.Context(), c.ask)
		broken.broken = true
		for range 9 {
			time.Sleep(time.Second)
			_, _ = g.Do(t.Context(), c.ask)
		}
		if len(c.asked) != 5 {
			t.Errorf("%d requests went to a provider that is down", len(c.asked))
		}
	})
}

type brokenStates struct {
	provider.States
	broken bool
}

func (b *brokenStates) LoadProviderState(ctx context.Context, name string) (provider.State, error) {
	if b.broken {
		return provider.State{}, table.ErrUnavailable
	}
	return b.States.LoadProviderState(ctx, name)
}

func (b *brokenStates) SaveProviderState(ctx context.Context, name string, s provider.State) error {
	if b.broken {
		return table.ErrUnavailable
	}
	return b.States.SaveProviderState(ctx, name, s)
}

func TestASlowProviderHoldsNoMoreThanItsShare(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, func(p *guard.Policy) { p.InFlight, p.Retries = 10, 0 })
		g, c := f.instance(), &fakeProvider{latency: 3 * time.Second}
		var full atomic.Int64
		for range 40 {
			go func() {
				if r, _ := g.Do(t.Context(), c.ask); r.Code == guard.CodeFull {
					full.Add(1)
				}
			}()
			time.Sleep(60 * time.Millisecond)
		}
		if c.most.Load() != 10 || full.Load() == 0 {
			t.Errorf("%d at once, %d refused", c.most.Load(), full.Load())
		}
		time.Sleep(10 * time.Second)
	})
}
