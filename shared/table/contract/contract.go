// Package contract holds the test suite that every adapter of the table passes.
package contract

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"realname/shared/table"
)

// Open returns the table under test with the clock now.
type Open func(t *testing.T, now func() time.Time) table.Table

// Run runs the suite. Each test uses its own partitions, so that tests can share a
// real table.
func Run(t *testing.T, open Open) {
	for name, test := range map[string]func(*testing.T, suite){
		"reads return values as stored":                    testRoundTrip,
		"conditions decide and a refusal writes nothing":   testConditions,
		"a transaction names every refused write":          testRefusals,
		"malformed transactions are refused":               testInvalid,
		"64 writers of one version: one wins each round":   testVersionRace,
		"32 writers of one unique item: one wins":          testUniqueRace,
		"queries page in both directions":                  testPaging,
		"queries keep to prefix and bound":                 testRanges,
		"items enter and leave sparse indexes":             testSparse,
		"items of 400 KB are kept and larger ones refused": testLarge,
		"an expired item does not exist":                   testExpiry,
		"later changes of a value do not reach the table":  testIsolation,
	} {
		t.Run(name, func(t *testing.T) {
			prefix := fmt.Sprintf("%s-%d", strings.ReplaceAll(t.Name(), " ", "_"), time.Now().UnixNano())
			s := suite{clock: new(clock), prefix: prefix}
			s.clock.Store(time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC).Unix())
			s.Table = open(t, func() time.Time { return time.Unix(s.clock.Load(), 0) })
			test(t, s)
		})
	}
}

type suite struct {
	table.Table
	prefix string
	clock  *clock
}

type clock struct{ atomic.Int64 }

func (s suite) key(pk, sk string) table.Key { return table.Key{PK: s.prefix + pk, SK: sk} }

func (s suite) item(pk, sk string, version int64, body map[string]any) table.Item {
	return table.Item{Key: s.key(pk, sk), Version: version, Body: body}
}

func (s suite) must(t *testing.T, writes ...table.Write) {
	t.Helper()
	if err := s.Transact(t.Context(), writes...); err != nil {
		t.Fatal(err)
	}
}

func (s suite) get(t *testing.T, keys ...table.Key) []table.Item {
	t.Helper()
	items, err := s.Get(t.Context(), keys...)
	if err != nil {
		t.Fatal(err)
	}
	return items
}

func testRoundTrip(t *testing.T, s suite) {
	it := s.item("值", "键 with space", 1, map[string]any{
		"text": "季鹏", "empty": "", "yes": true, "nothing": nil,
		"huge":  json.Number("12345678901234567890123456789012345678"),
		"small": json.Number("0.5"),
		"list":  []any{}, "map": map[string]any{}, "nested": []any{map[string]any{"a": []any{"b", json.Number("1")}}},
	})
	it.GSI1 = table.IndexKey{PK: s.prefix + "g", SK: "1"}
	it.Expires = time.Unix(s.clock.Load()+3600, 0).UTC()
	s.must(t, table.Put(it, table.Absent()))
	none := s.key("none", "none")
	got := s.get(t, it.Key, none)
	if len(got) != 1 || !reflect.DeepEqual(got[0], it) {
		t.Fatalf("got %+v\nwant %+v", got, it)
	}
	for what, keys := range map[string][]table.Key{
		"one key": {it.Key}, "a key twice": {it.Key, it.Key}, "two keys twice": {it.Key, none, it.Key, none},
	} {
		if again := s.get(t, keys...); !reflect.DeepEqual(again, got) {
			t.Fatalf("%s gives %+v", what, again)
		}
	}
	for what, keys := range map[string][]table.Key{"no key": nil, "an empty key": {it.Key, {}}} {
		if _, err := s.Get(t.Context(), keys...); !errors.Is(err, table.ErrInvalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

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

func testPaging(t *testing.T, s suite) {
	const n = 25
	whole := map[table.Key]table.Item{}
	for i := range n {
		it := s.item("p", fmt.Sprintf("%03d", i), 1, map[string]any{})
		it.GSI1 = table.IndexKey{PK: s.prefix + "g1", SK: fmt.Sprintf("%03d", i/2)} // pairs share an index key
		it.GSI2 = table.IndexKey{PK: s.prefix + "g2", SK: fmt.Sprintf("%03d", i)}
		s.must(t, table.Put(it, table.Absent()))
		whole[it.Key] = it
	}
	for index, pk := range map[table.Index]string{
		table.Primary: s.prefix + "p", table.GSI1: s.prefix + "g1", table.GSI2: s.prefix + "g2",
	} {
		for _, descending := range []bool{false, true} {
			seen := map[string]bool{}
			var order []string
			for after := ""; ; {
				page, err := s.Query(t.Context(), table.Query{
					Index: index, PK: pk, Limit: 7, Descending: descending, After: after,
				})
				if err != nil {
					t.Fatal(err)
				}
				for _, it := range page.Items {
					if seen[it.Key.SK] {
						t.Fatalf("%s %v: %s twice", index, descending, it.Key.SK)
					}
					seen[it.Key.SK] = true
					want := whole[it.Key]
					if index != table.Primary {
						want = want.AtIndex(index)
					}
					if !reflect.DeepEqual(it, want) {
						t.Fatalf("%s: got %+v\nwant %+v", index, it, want)
					}
					order = append(order, sortKey(it, index))
				}
				if after = page.Next; after == "" {
					break
				}
			}
			if len(seen) != n {
				t.Fatalf("%s descending=%v: %d items of %d", index, descending, len(seen), n)
			}
			for i := 1; i < n; i++ {
				if descending && order[i] > order[i-1] || !descending && order[i] < order[i-1] {
					t.Fatalf("%s descending=%v: out of order: %v", index, descending, order)
				}
			}
		}
	}
	page, err := s.Query(t.Context(), table.Query{PK: s.prefix + "p", Limit: 7})
	if err != nil {
		t.Fatal(err)
	}
	for name, q := range map[string]table.Query{
		"not base64":           {PK: s.prefix + "p", After: "%%%"},
		"an empty object":      {PK: s.prefix + "p", After: "e30"},
		"of another partition": {PK: s.prefix + "q", After: page.Next},
		"of another index":     {PK: s.prefix + "g1", Index: table.GSI1, After: page.Next},
		"of another range":     {PK: s.prefix + "p", SKBelow: "001", After: page.Next},
	} {
		if _, err := s.Query(t.Context(), q); !errors.Is(err, table.ErrInvalid) {
			t.Errorf("a cursor that is %s gives %v", name, err)
		}
	}
}

func sortKey(it table.Item, index table.Index) string {
	switch index {
	case table.GSI1:
		return it.GSI1.SK
	case table.GSI2:
		return it.GSI2.SK
	}
	return it.Key.SK
}

func testRanges(t *testing.T, s suite) {
	for _, sk := range []string{"A", "A#1", "A#2", "A#三", "B", "Z", "a", "é"} {
		s.must(t, table.Put(s.item("p", sk, 1, nil), table.Absent()))
	}
	for name, c := range map[string]struct {
		q    table.Query
		want string
	}{
		"all, by bytes":       {table.Query{}, "A A#1 A#2 A#三 B Z a é"},
		"prefix":              {table.Query{SKPrefix: "A#"}, "A#1 A#2 A#三"},
		"prefix, descending":  {table.Query{SKPrefix: "A#", Descending: true}, "A#三 A#2 A#1"},
		"below":               {table.Query{SKBelow: "B"}, "A A#1 A#2 A#三"},
		"below, descending":   {table.Query{SKBelow: "A#2", Descending: true}, "A#1 A"},
		"prefix of nothing":   {table.Query{SKPrefix: "C"}, ""},
		"below the first one": {table.Query{SKBelow: "A"}, ""},
	} {
		c.q.PK = s.prefix + "p"
		page, err := s.Query(t.Context(), c.q)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, it := range page.Items {
			got = append(got, it.Key.SK)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func testSparse(t *testing.T, s suite) {
	it := s.item("p", "a", 1, nil)
	in := func() int {
		page, err := s.Query(t.Context(), table.Query{Index: table.GSI2, PK: s.prefix + "due"})
		if err != nil {
			t.Fatal(err)
		}
		return len(page.Items)
	}
	s.must(t, table.Put(it, table.Absent()))
	if in() != 0 {
		t.Fatal("an item without index key is in the index")
	}
	it.Version, it.GSI2 = 2, table.IndexKey{PK: s.prefix + "due", SK: "1"}
	s.must(t, table.Put(it, table.VersionIs(1)))
	if in() != 1 {
		t.Fatal("not in the index")
	}
	it.Version, it.GSI2 = 3, table.IndexKey{}
	s.must(t, table.Put(it, table.VersionIs(2)))
	if in() != 0 {
		t.Fatal("still in the index")
	}
}

func testLarge(t *testing.T, s suite) {
	fits := s.item("p", "a", 1, map[string]any{"x": strings.Repeat("x", table.MaxBytes-1024)})
	s.must(t, table.Put(fits, table.Absent()))
	if got := s.get(t, fits.Key); len(got) != 1 || len(got[0].Body["x"].(string)) != table.MaxBytes-1024 {
		t.Fatal("not kept whole")
	}
	large := s.item("p", "b", 1, map[string]any{"x": strings.Repeat("x", table.MaxBytes)})
	if err := s.Transact(t.Context(), table.Put(large, table.Absent())); !errors.Is(err, table.ErrTooLarge) {
		t.Fatalf("got %v", err)
	}
}

func testExpiry(t *testing.T, s suite) {
	it := s.item("p", "a", 1, nil)
	it.Expires = time.Unix(s.clock.Load()+10, 0)
	s.must(t, table.Put(it, table.Absent()))
	s.clock.Add(9)
	if len(s.get(t, it.Key)) != 1 {
		t.Fatal("gone too early")
	}
	s.clock.Add(1)
	page, err := s.Query(t.Context(), table.Query{PK: it.Key.PK})
	if err != nil || len(page.Items) != 0 || len(s.get(t, it.Key)) != 0 {
		t.Fatal("still there")
	}
	check, other := table.Check(it.Key, table.VersionIs(1)), table.Put(s.item("p", "b", 1, nil), table.Always())
	if err := s.Transact(t.Context(), check, other); !isConflict(err) {
		t.Fatalf("version of an expired item: %v", err)
	}
	s.must(t, table.Put(s.item("p", "a", 1, nil), table.Absent()))
	if len(s.get(t, it.Key)) != 1 {
		t.Fatal("not stored over an expired item")
	}
}

func testIsolation(t *testing.T, s suite) {
	body := map[string]any{"list": []any{"a"}}
	it := s.item("p", "a", 1, body)
	s.must(t, table.Put(it, table.Absent()))
	body["list"].([]any)[0] = "changed"
	first := s.get(t, it.Key)
	first[0].Body["list"].([]any)[0] = "changed too"
	if got := s.get(t, it.Key)[0].Body["list"].([]any)[0]; got != "a" {
		t.Fatalf("got %v", got)
	}
}
