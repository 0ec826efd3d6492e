package store_test

import (
	"sync"
	"testing"
	"time"

	"realname/shared/store"
	"realname/shared/table/memory"
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
