package sqlite

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"realname/shared/table"
	"realname/shared/table/dynamojson"
)

// A body is read as encoding/json reads it.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		`{}`, ` { "a" : [ ] , "b":{"c":null,"d":[true,false,-1.5e+3,0,"x"]} } `, `{"a":"\u4f60\"\\\n<"}`, `{"\u0061":1}`,
		``, `{`, `{"a"`, `{"a":`, `{"a":1`, `{"a":1,`, `{"a":1,}`, `[1]`, `null`, `{"a":01}`, `{"a":1e}`, `{"a":tru}`,
		`{"a":"` + "\x01" + `"}`, `{"a":"\x"}`, `{"a":"\`,
		`{}x`, `{"a":1 2}`, `{a:1}`, `{"a":[1,]}`, `{"a":-}`, `{"a":"b","a":"c"}`,
		`{"a":` + strings.Repeat("[", 62) + strings.Repeat("]", 62) + `}`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || strings.Count(text, "[")+strings.Count(text, "{") > maxDepth {
			return // the database holds only UTF-8
		}
		got, err := parse(text)
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		var want map[string]any
		wantErr := d.Decode(&want)
		if wantErr == nil && (want == nil || d.More() || strings.TrimSpace(text[d.InputOffset():]) != "") {
			if err == nil {
				t.Errorf("%q: read %v, which is not one object", text, got)
			}
			return
		}
		if (err == nil) != (wantErr == nil) || err == nil && !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %v %v, want %v %v", text, got, err, want, wantErr)
		}
	})
}

// A body is written as every table stores it, or refused as every table refuses it.
func FuzzWrite(f *testing.F) {
	f.Add(`{"a":"b","n":-1.50,"big":1e200,"list":[1,"x",null,{"y":[true,false]}],"no":[],"":"\u0000\"\\\u2028<"}`)
	f.Add(`{"deep":` + strings.Repeat("[", 31) + strings.Repeat("]", 31) + `}`)
	f.Add(`{"edge":` + strings.Repeat("[", 30) + strings.Repeat("]", 30) + `}`)
	f.Fuzz(func(t *testing.T, text string) {
		var body map[string]any
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		if d.Decode(&body) != nil {
			return
		}
		var want table.Item
		attributes, wantErr := dynamojson.Encode(table.Item{Key: table.Key{PK: "p", SK: "s"}, Version: 1, Body: body})
		if wantErr == nil {
			want, wantErr = dynamojson.Decode(attributes)
		}
		raw, err := write(body)
		if wantErr != nil {
			if !errors.Is(err, table.ErrInvalid) {
				t.Errorf("%s: %v, want %v", text, err, wantErr)
			}
			return
		}
		got, parseErr := parse(raw)
		if err != nil || parseErr != nil || !reflect.DeepEqual(got, want.Body) || !json.Valid([]byte(raw)) {
			t.Errorf("%s: %s %v %v", text, raw, err, parseErr)
		}
	})
}

func TestABodyIsReadCheaply(t *testing.T) {
	text := `{"a":"one","b":"two","c":"three","d":{"e":"four"},"n":12}`
	const most = 2*2 + 5 + 2 // two maps, each text and number as a value, and the check of the number
	if n := testing.AllocsPerRun(100, func() {
		if _, err := parse(text); err != nil {
			t.Fatal(err)
		}
	}); n > most {
		t.Errorf("%v allocations, at most %v", n, most)
	}
}
