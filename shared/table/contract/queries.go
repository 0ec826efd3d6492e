package contract

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"realname/shared/table"
)

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
			items := s.pages(t, table.Query{Index: index, PK: pk, Limit: 7, Descending: descending})
			if len(items) != n {
				t.Fatalf("%s descending=%v: %d items of %d", index, descending, len(items), n)
			}
			var order []string
			for _, it := range items {
				want := whole[it.Key]
				if index != table.Primary {
					want = want.AtIndex(index)
				}
				if !reflect.DeepEqual(it, want) {
					t.Fatalf("%s: got %+v\nwant %+v", index, it, want)
				}
				order = append(order, sortKey(it, index))
			}
			for i := 1; i < n; i++ {
				if descending && order[i] > order[i-1] || !descending && order[i] < order[i-1] {
					t.Fatalf("%s descending=%v: out of order: %v", index, descending, order)
				}
			}
		}
	}
	s.refusesCursors(t)
}

// pages returns the items of all pages of a query, each of which must be listed once.
func (s suite) pages(t *testing.T, q table.Query) (all []table.Item) {
	t.Helper()
	seen := map[table.Key]bool{}
	for {
		page, err := s.Query(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range page.Items {
			if seen[it.Key] {
				t.Fatalf("%s %v: %s twice", q.Index, q.Descending, it.Key.SK)
			}
			seen[it.Key] = true
		}
		all = append(all, page.Items...)
		if q.After = page.Next; q.After == "" {
			return all
		}
	}
}

// refusesCursors expects that a cursor continues only the query that it is from.
func (s suite) refusesCursors(t *testing.T) {
	t.Helper()
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
