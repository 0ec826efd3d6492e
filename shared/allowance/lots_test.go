package allowance

import (
	"context"
	"strconv"
	"testing"
	"time"
)

// all gives everything to the first who asks.
func all(_ context.Context, _ string, _ time.Time, _, most int) (int, error) { return most, nil }

func TestManyKeysDoNotFillTheMemory(t *testing.T) {
	var l Lots
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for i := range 3 * mostLots {
		if _, err := l.Spend(t.Context(), strconv.Itoa(i), now, 40, all); err != nil {
			t.Fatal(err)
		}
	}
	if len(l.of) > mostLots {
		t.Errorf("%d keys are remembered", len(l.of))
	}
}

// A caller whose requests are spent costs no further call in the minute.
func TestARefusedKeyIsNotAskedForAgain(t *testing.T) {
	var l Lots
	now, left, calls := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), 40, 0
	shared := func(_ context.Context, _ string, _ time.Time, n, _ int) (int, error) {
		calls++
		got := min(n, left)
		left -= got
		return got, nil
	}
	spend := func() (passed int) {
		for range 100 {
			wait, err := l.Spend(t.Context(), "key", now, 40, shared)
			if err != nil {
				t.Fatal(err)
			}
			if wait == 0 {
				passed++
			} else if wait != 55*time.Second {
				t.Fatalf("wait %v", wait)
			}
		}
		return passed
	}
	if got := spend(); got != 40 || calls != 21 {
		t.Errorf("%d passed by %d calls", got, calls)
	}
	now, left = now.Add(time.Minute), 40
	if got := spend(); got != 40 {
		t.Errorf("%d passed in the next minute", got)
	}
}

func TestAProcessThatCountsAloneKeepsTheLimit(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, most := range []int{1, 2, 40} {
		var l Lots
		passed := 0
		for range 100 {
			if wait, err := l.Spend(t.Context(), "key", now, most, all); err == nil && wait == 0 {
				passed++
			}
		}
		if passed != most {
			t.Errorf("%d of %d passed", passed, most)
		}
	}
}
