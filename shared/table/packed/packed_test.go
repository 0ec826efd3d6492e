package packed_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"realname/shared/table"
	"realname/shared/table/dynamojson"
	"realname/shared/table/packed"
)

func parse(text string) (body map[string]any, err error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	return body, d.Decode(&body)
}

// A body is packed as every table stores it, or refused as every table refuses it.
func FuzzPack(f *testing.F) {
	f.Add(`{"a":"b","n":-1.50,"big":1e200,"list":[1,"x",null,{"y":[true,false]}],"none":{},"no":[],"":""}`)
	f.Add(`{"deep":` + strings.Repeat("[", 31) + strings.Repeat("]", 31) + `}`)
	f.Add(`{"edge":` + strings.Repeat("[", 30) + strings.Repeat("]", 30) + `}`)
	f.Add(`{"text":"` + strings.Repeat("x", 300) + `"}`)
	f.Fuzz(func(t *testing.T, text string) {
		body, err := parse(text)
		if err != nil {
			return
		}
		var want table.Item
		attributes, wantErr := dynamojson.Encode(table.Item{Key: table.Key{PK: "p", SK: "s"}, Version: 1, Body: body})
		if wantErr == nil {
			want, wantErr = dynamojson.Decode(attributes)
		}
		raw, err := packed.Pack(body)
		if wantErr != nil {
			if !errors.Is(err, table.ErrInvalid) {
				t.Errorf("%s: %v, want %v", text, err, wantErr)
			}
			return
		}
		got, unpackErr := packed.Unpack(raw)
		if err != nil || unpackErr != nil || !reflect.DeepEqual(got, want.Body) {
			t.Errorf("%s: %v %v %v", text, got, err, unpackErr)
		}
	})
}

// What unpacks is a body; everything else is refused.
func FuzzUnpack(f *testing.F) {
	for _, text := range []string{
		"", "n", "m", "m\x00", "m\x01\x01as\x02bc", "m\x01\x01as\x03bc", "m\x00x", "l\x00",
		"m\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
		"m\x01\x01al\x7f", "m\x01\x01ax", strings.Repeat("m\x01\x01a", 40),
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		body, err := packed.Unpack(text)
		if err != nil && (!errors.Is(err, table.ErrInvalid) || body != nil) {
			t.Errorf("%q: %v %v", text, body, err)
		}
		if err != nil {
			return
		}
		raw, err := packed.Pack(body)
		if err != nil {
			return // a text or a number that the table cannot hold
		}
		if _, err := packed.Unpack(raw); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	})
}

func TestABodyWithoutValuesIsAnEmptyOne(t *testing.T) {
	raw, err := packed.Pack(nil)
	if err != nil {
		t.Fatal(err)
	}
	if body, err := packed.Unpack(raw); err != nil || body == nil || len(body) != 0 {
		t.Errorf("%v %v", body, err)
	}
}

func TestWhatTheTableCannotHoldIsNotPacked(t *testing.T) {
	for name, v := range map[string]any{
		"an int": 1, "a float": 1.5, "text": "\xff", "name": map[string]any{"\xff": "x"}, "number": json.Number("one"),
		"inside a list": []any{struct{}{}},
	} {
		if raw, err := packed.Pack(map[string]any{"v": v}); !errors.Is(err, table.ErrInvalid) {
			t.Errorf("%s: %q %v", name, raw, err)
		}
	}
}

// A packed body is one object for the garbage collector, and a body has its texts.
func TestTheFormIsCheap(t *testing.T) {
	body := map[string]any{}
	for _, name := range strings.Split("abcdef", "") {
		body[name] = "text"
	}
	raw, err := packed.Pack(body)
	if err != nil {
		t.Fatal(err)
	}
	if n := testing.AllocsPerRun(100, func() { _, _ = packed.Pack(body) }); n > 2 {
		t.Errorf("%v allocations to pack", n)
	}
	const most = 3 + 6 // the map, and each text as a value
	if n := testing.AllocsPerRun(100, func() { _, _ = packed.Unpack(raw) }); n > most {
		t.Errorf("%v allocations to unpack, at most %v", n, most)
	}
	if most := 2 + len("abcdef")*8; len(raw) > most {
		t.Errorf("%d bytes, at most %d", len(raw), most)
	}
}
