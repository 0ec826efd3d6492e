package meter_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"realname/local/meter"
	"realname/shared/table"
	"realname/shared/table/memory"
)

func item(key string, bytes int, index ...table.IndexKey) table.Item {
	it := table.Item{
		Key: table.Key{PK: key, SK: "S"}, Version: 1, Body: map[string]any{"text": strings.Repeat("x", bytes)},
	}
	if len(index) > 0 {
		it.GSI1 = index[0]
	}
	return it
}

// The expected numbers are calculated by hand from the rules of the developer guide.
func TestUnitsAreCountedAsDynamoDBBills(t *testing.T) {
	place, other := table.IndexKey{PK: "I", SK: "1"}, table.IndexKey{PK: "I", SK: "2"}
	key := func(k string) table.Key { return table.Key{PK: k, SK: "S"} }
	put := func(it table.Item) table.Write { return table.Put(it, table.Always()) }
	for name, c := range map[string]struct {
		stored []table.Item
		do     func(ctx context.Context, t table.Table) error
		want   meter.Use
	}{
		"a small put":              {nil, write(put(item("a", 10))), meter.Use{WriteUnits: 1}},
		"a put of 1.5 KB":          {nil, write(put(item("a", 1500))), meter.Use{WriteUnits: 2}},
		"a small put over a large": {[]table.Item{item("a", 2500)}, write(put(item("a", 10))), meter.Use{WriteUnits: 3}},
		"a transaction of two":     {nil, write(put(item("a", 10)), put(item("b", 1500))), meter.Use{WriteUnits: 6}},
		"a transaction's check": {
			[]table.Item{item("a", 10)},
			write(table.Check(key("a"), table.VersionIs(1)), put(item("b", 10))),
			meter.Use{WriteUnits: 4},
		},
		"a delete": {
			[]table.Item{item("a", 1500)}, write(table.Delete(key("a"), table.Always())), meter.Use{WriteUnits: 2},
		},
		"a refused write": {
			nil, write(table.Put(item("a", 10, place), table.VersionIs(7))), meter.Use{WriteUnits: 1},
		},
		"into an index": {nil, write(put(item("a", 1500, place))), meter.Use{WriteUnits: 2, IndexWriteUnits: 1}},
		"moved in an index": {
			[]table.Item{item("a", 10, place)}, write(put(item("a", 10, other))), meter.Use{WriteUnits: 1, IndexWriteUnits: 2},
		},
		"changed in an index": {
			[]table.Item{item("a", 10, place)}, write(put(item("a", 20, place))), meter.Use{WriteUnits: 1},
		},
		"out of an index": {
			[]table.Item{item("a", 10, place)}, write(put(item("a", 10))), meter.Use{WriteUnits: 1, IndexWriteUnits: 1},
		},
		"a read of two, one there": {[]table.Item{item("a", 4500)}, func(ctx context.Context, t table.Table) error {
			_, err := t.Get(ctx, key("a"), key("b"))
			return err
		}, meter.Use{ReadUnits: 3}},
		"a query of an index": {[]table.Item{
			item("a", 3000, place), item("b", 3000, other),
		}, func(ctx context.Context, t table.Table) error {
			_, err := t.Query(ctx, table.Query{Index: table.GSI1, PK: "I"})
			return err
		}, meter.Use{ReadUnits: 0.5}},
	} {
		t.Run(name, func(t *testing.T) {
			under, m := memory.New(time.Now), meter.New()
			for _, it := range c.stored {
				if err := under.Transact(t.Context(), put(it)); err != nil {
					t.Fatal(err)
				}
			}
			err := c.do(m.Invocation(t.Context(), "f"), m.Table(under))
			if (err != nil) != (name == "a refused write") {
				t.Fatal(err)
			}
			c.want.Invocations, c.want.Calls = 1, 1
			if got := m.Read().Functions["f"]; got != c.want {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
}

func write(writes ...table.Write) func(context.Context, table.Table) error {
	return func(ctx context.Context, t table.Table) error { return t.Transact(ctx, writes...) }
}

func TestWhatNoFunctionWritesIsTheWorkflows(t *testing.T) {
	m := meter.New()
	if err := m.Table(memory.New(time.Now)).Transact(t.Context(), table.Put(item("a", 10), table.Always())); err != nil {
		t.Fatal(err)
	}
	if got := m.Read().Functions[meter.Workflow]; got != (meter.Use{Calls: 1, WriteUnits: 1}) {
		t.Errorf("%+v", got)
	}
}

func TestWithoutAMeterNothingIsCounted(t *testing.T) {
	var m *meter.Meter
	m.Request()
	under := memory.New(time.Now)
	if m.Table(under) != table.Table(under) {
		t.Error("the meter wrapped the table")
	}
	m.Invocation(t.Context(), "f")
}

func TestRoutesOfOneFunctionAreCountedApart(t *testing.T) {
	m := meter.New()
	m.Invocation(t.Context(), "sessions GET /v1/sessions/{id}")
	m.Invocation(t.Context(), "sessions POST /v1/sessions")
	got := m.Read().Functions
	if got["sessions GET /v1/sessions/{id}"].Invocations != 1 || got["sessions POST /v1/sessions"].Invocations != 1 {
		t.Errorf("%+v", got)
	}
}
