package httpapi

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"realname/shared/realname"
)

type inner struct {
	Name string `json:"name"`
	Note string `json:"note,omitempty"`
}

type word string

type outer struct {
	Title  string  `json:"title"`
	Person inner   `json:"person"`
	Count  int     `json:"count,omitempty"`
	Extra  *string `json:"extra,omitempty"`
	Empty  *string `json:"empty,omitempty" nullable:"true"`
	List   *[]word `json:"list,omitempty"`
}

const good = `{"title":"t","person":{"name":"n"}}`

func TestDecodeNamesTheBrokenField(t *testing.T) {
	for _, tt := range []struct{ body, pointer, rule string }{
		{`{"title":"t"}`, "/person", "missing"},
		{`{"title":null,"person":{"name":"n"}}`, "/title", "missing"},
		{`{"title":"t","person":{"name":"n"},"extra":null}`, "/extra", "type"},
		{`{"title":"t","person":{"name":"n"},"count":null}`, "/count", "type"},
		{`{"title":"t","person":{}}`, "/person/name", "missing"},
		{`{"title":"t","person":{"name":"n","x/y~z":1}}`, "/person/x~1y~0z", "unknown"},
		{`{"title":"t","title":"u","person":{"name":"n"}}`, "/title", "twice"},
		{`{"title":"t","person":{"name":"n","name":"m"}}`, "/person/name", "twice"},
		{`{"title":"t","person":[]}`, "/person", "type"},
		{`{"title":["t"],"person":{"name":"n"}}`, "/title", "type"},
		{`{"title":"t","person":{"name":"n"},"count":"many"}`, "/count", "type"},
		{`{"title":"t","person":{"name":"n"},"list":"/a"}`, "/list", "type"},
		{`{"title":"t","person":{"name":"n"},"list":null}`, "/list", "type"},
		{`{"title":"t","person":{"name":"n"},"list":["/a",7]}`, "/list/1", "type"},
		{`{"title":"t","person":{"name":"n"},"list":["/a",null]}`, "/list/1", "type"},
		{`{"title":"t","person":{"name":"n"},"list":["\u0000"]}`, "/list/0", "control_character"},
		{
			`{"title":"t","person":{"name":"n"},"list":["` + strings.Repeat("x", maxString+1) + `"]}`, "/list/0", "length",
		},
		{`{"title":"a\u0007b","person":{"name":"n"}}`, "/title", "control_character"},
		{`{"title":"\ud800","person":{"name":"n"}}`, "/title", "control_character"},
		{`{"title":"` + strings.Repeat("长", maxString+1) + `","person":{"name":"n"}}`, "/title", "length"},
		{good + `{}`, "", "json"},
		{good[:20], "", "json"},
		{`null`, "", "type"},
		{``, "", "json"},
		{"\xff" + good, "", "utf8"},
	} {
		var into outer
		err := Decode([]byte(tt.body), &into)
		var refused *realname.Error
		if !errors.As(err, &refused) || refused.Code != realname.CodeInvalidRequest {
			t.Errorf("%s: %v", tt.body, err)
			continue
		}
		if f := refused.Fields[0]; len(refused.Fields) != 1 || f.Pointer != tt.pointer || f.Rule != tt.rule {
			t.Errorf("%.60s: %+v, want %s %s", tt.body, refused.Fields, tt.pointer, tt.rule)
		}
	}
}

func TestDecodeAcceptsNullWhereTheContractDoes(t *testing.T) {
	into := outer{}
	if err := Decode([]byte(`{"title":"t","person":{"name":"n"},"empty":null}`), &into); err != nil || into.Empty != nil {
		t.Errorf("%v %v", err, into.Empty)
	}
}

func TestDecodeNamesEveryBrokenField(t *testing.T) {
	var refused *realname.Error
	err := Decode([]byte(`{"person":{"name":1,"more":2}}`), new(outer))
	if !errors.As(err, &refused) || len(refused.Fields) != 3 {
		t.Errorf("%+v", refused)
	}
}

func TestDecodeKeepsTextAsItIs(t *testing.T) {
	var in outer
	if err := Decode([]byte(`{"title":"ＡＢＣ１","person":{"name":"买买提˙吐尔逊\u202d"}}`), &in); err != nil {
		t.Fatal(err)
	}
	if in.Title != "ＡＢＣ１" || in.Person.Name != "买买提˙吐尔逊\u202d" {
		t.Errorf("%+v", in)
	}
}

// Accepted texts contain no control character, and a refusal names fields with
// short printable pointers.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte(`{"title":"ＡＢＣ","person":{"name":"n","note":"x"},"count":3,"extra":"y"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var into outer
		err := Decode(body, &into)
		if err == nil {
			for _, s := range []string{into.Title, into.Person.Name, into.Person.Note} {
				if !utf8.ValidString(s) || strings.ContainsAny(s, "\x00\n") {
					t.Errorf("%q was accepted in %q", s, body)
				}
			}
			return
		}
		var refused *realname.Error
		if !errors.As(err, &refused) || len(refused.Fields) == 0 {
			t.Fatalf("%v", err)
		}
		for _, field := range refused.Fields {
			if len([]rune(field.Pointer)) > 200 || strings.ContainsAny(field.Pointer, "\n\x00") {
				t.Errorf("pointer %q", field.Pointer)
			}
		}
	})
}
