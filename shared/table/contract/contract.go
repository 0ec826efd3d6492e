// Package contract holds the test suite that every adapter of the table passes.
package contract

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
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
