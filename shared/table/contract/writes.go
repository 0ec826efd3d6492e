package contract

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"

	"realname/shared/table"
)

func testConditions(t *testing.T, s suite) {
	it := s.item("p", "a", 1, map[string]any{"n": json.Number("1")})
	s.must(t, table.Put(it, table.Absent()))
	next := s.item("p", "a", 2, map[string]any{"n": json.Number("2")})
	for name, w := range map[string]table.Write{
		"absent over an item":     table.Put(next, table.Absent()),
		"another version":         table.Put(next, table.VersionIs(7)),
		"version of nothing":      table.Put(s.item("p", "none", 2, nil), table.VersionIs(1)),
		"delete of other version": table.Delete(it.Key, table.VersionIs(2)),
		"check of other version":  table.Check(it.Key, table.VersionIs(2)),
		"check of absence":        table.Check(it.Key, table.Absent()),
	} {
		other := s.item("p", "other", 1, nil)
		for _, writes := range [][]table.Write{{w, table.Put(other, table.Always())}, {w}} {
			if err := s.Transact(t.Context(), writes...); !isConflict(err) {
				t.Errorf("%s: got %v, want a conflict", name, err)
			}
		}
		if got := s.get(t, it.Key, other.Key, s.key("p", "none")); len(got) != 1 || got[0].Version != 1 {
			t.Fatalf("%s: something was written: %+v", name, got)
		}
	}
	s.must(t, table.Put(next, table.VersionIs(1)), table.Check(s.key("p", "none"), table.Absent()))
	s.must(t, table.Delete(it.Key, table.VersionIs(2)), table.Check(s.key("p", "none"), table.Absent()))
	s.must(t, table.Delete(it.Key, table.Always()))
	if got := s.get(t, it.Key); len(got) != 0 {
		t.Fatalf("still there: %+v", got)
	}
}

func isConflict(err error) bool {
	var c *table.ConflictError
	return errors.As(err, &c)
}

func testRefusals(t *testing.T, s suite) {
	s.must(t, table.Put(s.item("p", "a", 1, nil), table.Absent()), table.Put(s.item("p", "b", 1, nil), table.Absent()))
	err := s.Transact(t.Context(),
		table.Put(s.item("p", "a", 2, nil), table.VersionIs(9)),
		table.Put(s.item("p", "c", 1, nil), table.Absent()),
		table.Delete(s.key("p", "b"), table.Absent()))
	var c *table.ConflictError
	if !errors.As(err, &c) {
		t.Fatalf("got %v", err)
	}
	want := []table.Refusal{
		{Index: 0, Key: s.key("p", "a"), Reason: table.ConditionFailed},
		{Index: 2, Key: s.key("p", "b"), Reason: table.ConditionFailed},
	}
	if !reflect.DeepEqual(c.Refused, want) {
		t.Fatalf("got %+v", c.Refused)
	}
}

func testInvalid(t *testing.T, s suite) {
	a := s.item("p", "a", 1, nil)
	half := a
	half.GSI1.PK = "x"
	typed := s.item("p", "a", 1, map[string]any{"n": 1})
	many := make([]table.Write, 101)
	for i := range many {
		many[i] = table.Put(s.item("p", fmt.Sprint(i), 1, nil), table.Always())
	}
	for name, writes := range map[string][]table.Write{
		"nothing":       nil,
		"one key twice": {table.Put(a, table.Always()), table.Delete(a.Key, table.Always())},
		"no version":    {table.Put(s.item("p", "a", 0, nil), table.Always())},
		"no key":        {table.Put(table.Item{Version: 1}, table.Always())},
		"half an index": {table.Put(half, table.Always())},
		"a Go number":   {table.Put(typed, table.Always())},
		"101 writes":    many,
	} {
		if err := s.Transact(t.Context(), writes...); !errors.Is(err, table.ErrInvalid) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if got := s.get(t, a.Key); len(got) != 0 {
		t.Fatal("something was written")
	}
}

func testVersionRace(t *testing.T, s suite) {
	s.must(t, table.Put(s.item("p", "a", 1, nil), table.Absent()))
	for round := int64(1); round <= 3; round++ {
		won := race(t, 64, func() error {
			return s.Transact(t.Context(), table.Put(s.item("p", "a", round+1, nil), table.VersionIs(round)))
		})
		if won != 1 {
			t.Fatalf("round %d: %d writers won", round, won)
		}
	}
}

func testUniqueRace(t *testing.T, s suite) {
	var n atomic.Int64
	won := race(t, 32, func() error {
		unique := s.item("unique", "x", 1, nil)
		own := s.item("own", fmt.Sprint(n.Add(1)), 1, nil)
		return s.Transact(t.Context(), table.Put(unique, table.Absent()), table.Put(own, table.Absent()))
	})
	page, err := s.Query(t.Context(), table.Query{PK: s.prefix + "own"})
	if err != nil || won != 1 || len(page.Items) != 1 {
		t.Fatalf("%d won, %d own items, %v", won, len(page.Items), err)
	}
}

// race runs the write in n goroutines and returns how many succeed. Each must
// succeed or fail with a conflict. After LostRace it repeats the write, since
// possibly none of the racing transactions succeeded.
func race(t *testing.T, n int, write func() error) int {
	var won atomic.Int64
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			for {
				err := write()
				var c *table.ConflictError
				switch {
				case err == nil:
					won.Add(1)
					return
				case !errors.As(err, &c):
					t.Error(err)
					return
				case c.Refused[0].Reason == table.ConditionFailed:
					return
				}
			}
		})
	}
	wg.Wait()
	return int(won.Load())
}
