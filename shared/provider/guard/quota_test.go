package guard_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"realname/shared/clock"
	"realname/shared/provider/guard"
	"realname/shared/table"
)

// offered sends users at the rate for the given time, each to a random instance.
// A refused user comes back after RetryAfter until served. It returns how often each
// user came back.
func offered(t *testing.T, c *fakeProvider, instances []*guard.Guard, perSecond int, during time.Duration) []int {
	t.Helper()
	var wg sync.WaitGroup
	var mu sync.Mutex
	var returns []int
	random := rand.New(rand.NewPCG(1, 2))
	pick := func() *guard.Guard {
		mu.Lock()
		defer mu.Unlock()
		return instances[random.IntN(len(instances))]
	}
	user := func() {
		defer wg.Done()
		for n := 0; ; n++ {
			r, err := pick().Do(t.Context(), c.ask)
			if err == nil {
				mu.Lock()
				returns = append(returns, n)
				mu.Unlock()
				return
			}
			if r.RetryAfter < time.Second || n > 100 {
				t.Errorf("refused with %+v %v", r, err)
				return
			}
			time.Sleep(r.RetryAfter)
		}
	}
	every := time.Second / time.Duration(perSecond)
	for end := time.Now().Add(during); time.Now().Before(end); time.Sleep(every) {
		wg.Add(1)
		go user()
	}
	wg.Wait()
	return returns
}

func TestTheProviderNeverSeesMoreThanItsRate(t *testing.T) {
	for _, instances := range []int{1, 4, 30} {
		for _, perSecond := range []int{1, 10, 17, 200} {
			t.Run(fmt.Sprintf("%d per second to %d instances", perSecond, instances), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					f := newFleet(t, nil)
					var all []*guard.Guard
					for range instances {
						all = append(all, f.instance())
					}
					c := &fakeProvider{latency: 500 * time.Millisecond}
					begin := time.Now()
					returns := offered(t, c, all, perSecond, 10*time.Second)
					if c.peak() > f.policy.Rate {
						t.Errorf("%d requests within a second", c.peak())
					}
					if perSecond < 18 && instances == 1 && slices.Max(returns) > 0 {
						t.Errorf("users were refused below the rate")
					}
					sum, most := 0, 0
					for _, n := range returns {
						sum, most = sum+n, max(most, n)
					}
					if sum > 3*len(returns) {
						t.Errorf("%d users came back %d times in all", len(returns), sum)
					}
					t.Logf("%d users served in %.0f s, peak %d, returns: %.2f per user, at most %d",
						len(returns), time.Since(begin).Seconds(), c.peak(), float64(sum)/float64(len(returns)), most)
				})
			})
		}
	}
}

// Neither the time that a request takes to the provider nor a wait that takes longer
// than asked, as on a busy machine, brings two requests too close together.
func TestNeitherTheNetworkNorABusyMachineExceedsTheRate(t *testing.T) {
	for _, instances := range []int{1, 4, 30} {
		t.Run(fmt.Sprintf("%d instances", instances), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFleet(t, nil)
				var mu sync.Mutex
				random := rand.New(rand.NewPCG(3, 4))
				upTo := func(most time.Duration) time.Duration {
					mu.Lock()
					defer mu.Unlock()
					return time.Duration(random.Int64N(int64(most)))
				}
				f.wait = func(ctx context.Context, d time.Duration) error {
					return clock.Wait(ctx, d+max(0, upTo(2*time.Second)-1200*time.Millisecond))
				}
				var all []*guard.Guard
				for range instances {
					all = append(all, f.instance())
				}
				c := &fakeProvider{
					latency: 500 * time.Millisecond,
					way:     func() time.Duration { return upTo(100 * time.Millisecond) },
				}
				returns := offered(t, c, all, 200, 10*time.Second)
				if c.peak() > f.policy.Rate {
					t.Errorf("%d requests within a second", c.peak())
				}
				t.Logf("%d users served, peak %d, at most %d returns", len(returns), c.peak(), slices.Max(returns))
			})
		})
	}
}

func TestALeaseServesManyRequestsWithoutTheTable(t *testing.T) {
	for _, every := range []time.Duration{
		10 * time.Second, time.Second, 200 * time.Millisecond, 60 * time.Millisecond,
	} {
		t.Run("a request every "+every.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFleet(t, nil)
				ctx, counter := table.WithCounter(t.Context())
				g, c := f.instance(), &fakeProvider{}
				const requests = 600
				for range requests {
					if _, err := g.Do(ctx, c.ask); err != nil {
						t.Fatalf("%v after %d requests", err, len(c.asked))
					}
					time.Sleep(every)
				}
				calls := float64(counter.Calls()) / requests
				t.Logf("%.2f table calls per request", calls)
				if calls > 0.25 {
					t.Errorf("%.2f table calls per request, want at most 0.25", calls)
				}
			})
		})
	}
}
