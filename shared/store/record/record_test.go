package record_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"realname/shared/store/record"
)

type name string

// whole hours are stored as their number.
type whole time.Duration

func (w whole) MarshalJSON() ([]byte, error) { return json.Marshal(int64(time.Duration(w).Hours())) }

func (w *whole) UnmarshalJSON(raw []byte) error {
	var hours int64
	err := json.Unmarshal(raw, &hours)
	*w = whole(time.Duration(hours) * time.Hour)
	return err
}

func (w whole) IsZero() bool { return w == 0 }

type inner struct {
	Text  string `json:"text,omitempty"`
	Count int    `json:"count"`
	Again *inner `json:"again,omitempty"`
}

type embeds struct {
	inner
	Other string `json:"other"`
}

// sink has a field of every kind that a record can have.
type sink struct {
	Plain     string
	Named     name              `json:"named"`
	Empty     name              `json:"empty,omitempty"`
	Flag      bool              `json:"flag,omitempty"`
	Small     int8              `json:"small,omitempty"`
	Large     int64             `json:"large"`
	Fraction  float64           `json:"fraction,omitempty"`
	Unsigned  uint32            `json:"unsigned,omitempty"`
	At        time.Time         `json:"at,omitzero"`
	Always    time.Time         `json:"always"`
	Hours     whole             `json:"hours,omitzero"`
	Until     *time.Time        `json:"until,omitzero"`
	Next      *inner            `json:"next,omitzero"`
	Days      whole             `json:"days"`
	Sealed    []byte            `json:"sealed,omitempty"`
	One       inner             `json:"one"`
	Pointer   *inner            `json:"pointer,omitempty"`
	None      *inner            `json:"none"`
	List      []inner           `json:"list"`
	Names     []name            `json:"names,omitempty"`
	ByName    map[name]inner    `json:"byName,omitempty"`
	Nested    map[string][]name `json:"nested"`
	Any       any               `json:"any,omitempty"`
	Pair      [2]int            `json:"pair"`
	Embeds    embeds            `json:"embeds"`
	Quoted    struct{ N int }   `json:"quoted"`
	Ignored   string            `json:"-"`
	Hidden    *string           `json:"hidden,omitempty"`
	OmitInner inner             `json:"omitInner,omitzero"`
	lower     string
}

// byJSON is what the package is in place of.
func byJSON(r any) (body map[string]any, err error) {
	raw, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	return body, d.Decode(&body)
}

func same(t *testing.T, r sink) {
	t.Helper()
	want, wantErr := byJSON(r)
	got, err := record.Encode(r)
	if (err == nil) != (wantErr == nil) || !reflect.DeepEqual(got, want) {
		t.Fatalf("encoded %+v %v\nwant %+v %v", got, err, want, wantErr)
	}
	var back, wantBack sink
	raw, _ := json.Marshal(want)
	if err, wantErr := record.Decode(want, &back), json.Unmarshal(raw, &wantBack); err != nil || wantErr != nil {
		t.Fatalf("decoding %s: %v, JSON %v", raw, err, wantErr)
	}
	if !reflect.DeepEqual(back, wantBack) {
		t.Fatalf("decoded %+v\nwant %+v", back, wantBack)
	}
}

func TestARecordHasTheBodyThatItsJSONHas(t *testing.T) {
	same(t, sink{})
	text := "x"
	at := time.Date(2026, 11, 28, 8, 0, 0, 123_000_000, time.FixedZone("", 8*3600))
	same(t, sink{
		Plain: "a\xff<b>", Named: "n", Flag: true, Small: -3, Large: 1 << 60, Fraction: 1.25, Unsigned: 7, At: at,
		Always: at.Local(), Hours: whole(5 * time.Hour), Days: whole(24 * time.Hour), Sealed: []byte{0, 255},
		One: inner{Count: 2, Again: &inner{Text: "deep"}}, Pointer: &inner{}, List: []inner{{Text: "l"}, {}},
		Names: []name{"", "b"}, ByName: map[name]inner{"k\xfe": {Count: 1}}, Nested: map[string][]name{"a": nil, "b": {}},
		Any: map[string]any{"x": []any{"y", nil, true}}, Pair: [2]int{1, 2}, Embeds: embeds{inner{Count: 4}, "o"},
		Until: &time.Time{}, Next: &inner{}, Ignored: "i", Hidden: &text, OmitInner: inner{Count: 1}, lower: "l",
	})
	same(t, sink{List: []inner{}, Sealed: []byte{}, Names: []name{}, At: time.Time{}.Local()})
}

func TestAnInstantThatJSONRefusesIsRefused(t *testing.T) {
	if body, err := record.Encode(sink{At: time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC)}); err == nil {
		t.Errorf("encoded %v", body)
	}
}

func TestARecordThatIsNotAnObjectIsRefused(t *testing.T) {
	if body, err := record.Encode("text"); err == nil {
		t.Errorf("encoded %v", body)
	}
	if body, err := record.Encode((*inner)(nil)); err != nil || body != nil {
		t.Errorf("%v %v", body, err)
	}
}

// A body is decoded as its JSON would be: with the same record, or with an error.
func FuzzDecode(f *testing.F) {
	f.Add(`{"Plain":"a","named":"b","flag":true,"small":-1,"large":12,"at":"2026-11-28T08:00:00Z","hours":2}`)
	f.Add(`{"one":{"count":1},"pointer":{"text":"x"},"list":[{"count":2},null],"byName":{"k":{}},"none":null}`)
	f.Add(`{"sealed":"AP8=","nested":{"a":["b"]},"any":{"x":1},"pair":[1],"embeds":{"text":"t","other":"o"},"hidden":"h"}`)
	for _, member := range []string{
		`"named":1`, `"flag":"x"`, `"small":300`, `"large":1.5`, `"large":"1"`, `"at":7`, `"at":"yesterday"`, `"hours":"x"`,
		`"sealed":"%"`, `"sealed":1`, `"one":[]`, `"list":{}`, `"list":[1]`, `"byName":[]`, `"byName":{"a":1}`,
		`"unsigned":-1`, `"unknown":1`, `"hours":null`, `"at":null,"named":null,"large":null,"sealed":null,"list":null`,
	} {
		f.Add("{" + member + "}")
	}
	f.Fuzz(func(t *testing.T, text string) {
		var body map[string]any
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		if d.Decode(&body) != nil || !exact(body, reflect.TypeFor[sink]()) {
			return
		}
		raw, err := json.Marshal(body)
		if err != nil {
			return
		}
		var got, want sink
		err, wantErr := record.Decode(body, &got), json.Unmarshal(raw, &want)
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("%s: %v, JSON %v", raw, err, wantErr)
		}
		if err == nil && !reflect.DeepEqual(got, want) {
			t.Fatalf("%s: %+v, JSON %+v", raw, got, want)
		}
	})
}

// null empties lists, maps and pointers that are not empty, and leaves other values.
func TestNullOverAFilledRecordIsAsInJSON(t *testing.T) {
	filled := func() sink {
		return sink{
			Plain: "p", Flag: true, Large: 1, At: time.Unix(1, 0).UTC(), Sealed: []byte("s"), One: inner{Count: 1},
			None: &inner{}, List: []inner{{Count: 2}}, Nested: map[string][]name{"a": {"b"}},
		}
	}
	text := `{"Plain":null,"flag":null,"large":null,"at":null,"sealed":null,"one":null,"none":null,"list":null,
		"nested":null}`
	got, want, body := filled(), filled(), map[string]any{}
	if err := errors.Join(json.Unmarshal([]byte(text), &want), json.Unmarshal([]byte(text), &body)); err != nil {
		t.Fatal(err)
	}
	if err := record.Decode(body, &got); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, JSON %+v: %v", got, want, err)
	}
}

// exact reports whether no name differs from a field's only in upper and lower case.
func exact(v any, t reflect.Type) bool {
	known := map[string]bool{}
	for _, of := range []reflect.Type{t, reflect.TypeFor[inner](), reflect.TypeFor[embeds]()} {
		for i := range of.NumField() {
			tag, _, _ := strings.Cut(of.Field(i).Tag.Get("json"), ",")
			if tag == "" {
				tag = of.Field(i).Name
			}
			known[tag] = true
		}
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			if !exact(e, t) {
				return false
			}
		}
	case map[string]any:
		for k, e := range v {
			for is := range known {
				if k != is && strings.EqualFold(k, is) {
					return false
				}
			}
			if !exact(e, t) {
				return false
			}
		}
	}
	return true
}

// Every read decodes several items, so the text in between must not come back.
func TestDecodingAllocatesWhatTheRecordHolds(t *testing.T) {
	body, err := record.Encode(sink{Plain: "p", Named: "n", Large: 1, One: inner{Count: 3}, At: time.Unix(1, 0).UTC()})
	if err != nil {
		t.Fatal(err)
	}
	delete(body, "pair") // by encoding/json, as no record has an array
	delete(body, "embeds")
	const most = 8
	var r sink
	if n := testing.AllocsPerRun(100, func() {
		if err := record.Decode(body, &r); err != nil {
			t.Fatal(err)
		}
	}); n > most {
		t.Errorf("%v allocations, at most %v", n, most)
	}
}
