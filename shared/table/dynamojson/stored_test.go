package dynamojson

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"realname/shared/table"
)

// An item is stored as DynamoDB would return it, and refused as it would refuse it.
func FuzzStored(f *testing.F) {
	f.Add([]byte(`{"a":"b","n":-1.50,"big":1e200,"list":[1,"x",null,{"y":[true]}],"none":{},"no":[]}`), int64(1767225600))
	f.Add([]byte(`{"deep":`+strings.Repeat("[", 40)+strings.Repeat("]", 40)+`}`), int64(0))
	f.Add([]byte(`{"edge":`+strings.Repeat("[", 30)+strings.Repeat("]", 30)+`}`), int64(7))
	f.Fuzz(func(t *testing.T, raw []byte, expires int64) {
		d := json.NewDecoder(strings.NewReader(string(raw)))
		d.UseNumber()
		var body map[string]any
		if d.Decode(&body) != nil {
			return
		}
		it := table.Item{Key: table.Key{PK: "p", SK: "s"}, Version: 2, Body: body, GSI1: table.IndexKey{PK: "i", SK: "j"}}
		if expires > 0 {
			it.Expires = time.Unix(expires%(1<<40), 999).In(time.FixedZone("", 3600))
		}
		var want table.Item
		attributes, err := Encode(it)
		if err == nil {
			want, err = Decode(attributes)
		}
		got, gotErr := Stored([]table.Write{table.Put(it, table.Absent())})
		switch {
		case (err == nil) != (gotErr == nil) || err != nil && !errors.Is(gotErr, table.ErrInvalid):
			t.Errorf("%s: %v, want %v", raw, gotErr, err)
		case err == nil && !reflect.DeepEqual(got[0].Item, want):
			t.Errorf("%s: got %+v, want %+v", raw, got[0].Item, want)
		}
	})
}

func TestAnItemWithoutABodyGetsAnEmptyOne(t *testing.T) {
	own, err := Stored([]table.Write{table.Put(table.Item{Key: table.Key{PK: "p", SK: "s"}, Version: 1}, table.Always())})
	if err != nil || own[0].Item.Body == nil || len(own[0].Item.Body) != 0 {
		t.Errorf("%+v %v", own, err)
	}
}

func TestAValueThatTheTableCannotHoldIsRefused(t *testing.T) {
	for name, v := range map[string]any{
		"an int": 1, "a float": 1.5, "text": "\xff", "name": map[string]any{"\xff": "x"}, "number": json.Number("one"),
		"inside a list": []any{struct{}{}},
	} {
		it := table.Item{Key: table.Key{PK: "p", SK: "s"}, Version: 1, Body: map[string]any{"v": v}}
		if _, err := Stored([]table.Write{table.Put(it, table.Always())}); !errors.Is(err, table.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Every write passes here, so a copy allocates its maps and lists and little else.
func TestACopyOfAnItemAllocatesLittle(t *testing.T) {
	body := map[string]any{}
	for _, name := range strings.Split("abcdefgh", "") {
		body[name] = "text"
	}
	body["n"], body["list"] = json.Number("12"), []any{json.Number("34"), "x", nil, true}
	it := table.Item{Key: table.Key{PK: "p", SK: "s"}, Version: 1, Body: body}
	writes := []table.Write{table.Put(it, table.Always())}
	const most = 12
	if n := testing.AllocsPerRun(100, func() {
		if _, err := Stored(writes); err != nil {
			t.Fatal(err)
		}
	}); n > most {
		t.Errorf("%v allocations, at most %v", n, most)
	}
}
