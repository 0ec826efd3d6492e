package store_test

import (
	"sync"
	"testing"
	"time"

	"realname/local/domaintest"
	"realname/shared/store"
	"realname/shared/table"
	"realname/shared/table/memory"
	"realname/shared/telemetry/requestid"
)

// Many instances count one address at once. None of them may give out more than there
// is. An instance that cannot take part gives out one.
func TestRequestsOfAnAddressTakenAtOnceAreCountedOnce(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	st := store.New(memory.New(func() time.Time { return now }))
	minute := now.Truncate(time.Minute)
	var group sync.WaitGroup
	var mu sync.Mutex
	sum, apart := 0, 0
	for range 40 {
		group.Go(func() {
			for range 5 {
				n, err := st.TakeSource(t.Context(), "a1b2", minute, 7, 300)
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				if n == 1 {
					apart++
					n = 0
				}
				sum += n
				mu.Unlock()
			}
		})
	}
	group.Wait()
	if sum > 300 || sum < 7 {
		t.Errorf("%d requests were given out, want at most 300, and %d apart", sum, apart)
	}
	for minute, want := range map[time.Time]int{minute: 300 - sum, minute.Add(time.Minute): 300} {
		if n, err := st.TakeSource(t.Context(), "a1b2", minute, 1000, 300); n != want || err != nil {
			t.Errorf("%v: %d %v, want %d", minute, n, err, want)
		}
	}
	if n, err := st.TakeAllowance(t.Context(), "a1b2", minute, 1, 1); n != 1 || err != nil {
		t.Errorf("a machine client of the same name: %d %v", n, err)
	}
}

// Two requests that take the same number at once both count, also if the table takes a
// repeated put whose item it holds for the first one's.
func TestEqualNumbersOfRequestsAreBothCounted(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	minute := now.Truncate(time.Minute)
	take := func(on table.Table, request string) (int, error) {
		return store.New(on).TakeAllowance(requestid.With(t.Context(), request), "bank", minute, 7, 10)
	}
	whole := domaintest.Repeating{Table: memory.New(func() time.Time { return now })}
	first := 0
	second, err := take(&domaintest.RacingTable{
		Table: whole, Meanwhile: func() { first, _ = take(whole, "a") },
	}, "b")
	if first != 7 || second != 3 || err != nil {
		t.Errorf("%d and %d of 10, %v", first, second, err)
	}
}
