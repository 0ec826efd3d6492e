package edge

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"
)

// counts is an allowance in memory that several processes share.
type counts struct {
	mu    sync.Mutex
	taken map[string]int
	calls int
	fails error
}

// TakeSource implements Allowance.
func (c *counts) TakeSource(_ context.Context, source string, minute time.Time, n, most int) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls++
	if c.fails != nil {
		return 0, c.fails
	}
	key := source + minute.String()
	n = max(0, min(n, most-c.taken[key]))
	c.taken[key] += n
	return n, nil
}

// process returns the sources of one process that shares the counts.
func process(c *counts, now *time.Time) *Sources {
	s := &Sources{PerMinute: 40, Now: func() time.Time { return *now }}
	if c != nil {
		g, _, _, _ := gate()
		s.Allowance, s.Hide = c, g.Hide
	}
	return s
}

// passed returns how many of n requests of the address may proceed.
func passed(t *testing.T, s *Sources, route, address string, n, times int) int {
	t.Helper()
	ok := 0
	for range n {
		wait, err := s.Take(t.Context(), route, address, times)
		if err != nil {
			t.Fatal(err)
		}
		if wait == 0 {
			ok++
		} else if wait > time.Minute {
			t.Fatalf("wait %v", wait)
		}
	}
	return ok
}

func TestAnAddressHasItsRequestsAndOthersHaveTheirs(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for name, c := range map[string]*counts{"alone": nil, "shared": {taken: map[string]int{}}} {
		t.Run(name, func(t *testing.T) {
			at := now
			s := process(c, &at)
			if got := passed(t, s, "POST /v1/login", "203.0.113.7", 100, 1); got != 40 {
				t.Errorf("%d of 100 passed", got)
			}
			logins := func(address string, n int) int { return passed(t, s, "POST /v1/login", address, n, 1) }
			aMinuteLater := func() int { at = at.Add(time.Minute); return logins("203.0.113.7", 100) }
			for what, got := range map[string]int{
				"another address":   logins("203.0.113.8", 40),
				"another route":     passed(t, s, "POST /v1/activations", "203.0.113.7", 40, 1),
				"a larger limit":    passed(t, s, "POST /v1/bank-callbacks", "203.0.113.7", 100, 2) - 40,
				"two of one /64":    logins("2001:db8::7", 20) + logins("[2001:db8::8]:9", 90),
				"the next minute":   aMinuteLater(),
				"an odd address":    logins("nonsense", 100),
				"a mapped address":  logins("::ffff:198.51.100.1", 100) + logins("198.51.100.1:80", 5),
				"without anything":  logins("", 100),
				"the refused again": logins("", 100) + 40,
			} {
				if got != 40 {
					t.Errorf("%s: %d passed, want 40", what, got)
				}
			}
		})
	}
}

// Instances of a function are many, and an attacker reaches all of them.
func TestAllProcessesTogetherKeepTheLimitAndAskLittle(t *testing.T) {
	now, c := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), &counts{taken: map[string]int{}}
	var group sync.WaitGroup
	var mu sync.Mutex
	sum := 0
	for range 30 {
		s := process(c, &now)
		group.Go(func() {
			n := passed(t, s, "POST /v1/login", "203.0.113.7", 1000, 1)
			mu.Lock()
			defer mu.Unlock()
			sum += n
		})
	}
	group.Wait()
	if sum != 40 || c.calls > 20+30 {
		t.Errorf("%d of 30,000 passed, by %d calls", sum, c.calls)
	}
	for source := range c.taken {
		if strings.Contains(source, "203") || strings.Contains(source, "login") {
			t.Errorf("the table would show %s", source)
		}
	}
}

func TestACountThatFailsIsAnError(t *testing.T) {
	now, c := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), &counts{fails: errors.New("throttled")}
	if _, err := process(c, &now).Take(t.Context(), "POST /v1/login", "203.0.113.7", 1); err == nil {
		t.Error("no error")
	}
}
