package dynamojson

import (
	"encoding/json"
	"reflect"
	"testing"
)

// Encoding a decoded item and decoding it again gives the same item.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"PK":{"S":"a"},"SK":{"S":"b"},"version":{"N":"1"},"expires":{"N":"1767225600"},` +
		`"body":{"M":{"x":{"L":[{"N":"1.50"},{"NULL":true},{"BOOL":false},{"S":"y"}]}}}}`))
	f.Add([]byte(`{"PK":{"S":1},"body":{"M":{"x":{"B":"AA=="}}}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var m map[string]any
		if json.Unmarshal(raw, &m) != nil {
			return
		}
		it, err := Decode(m)
		if err != nil {
			return
		}
		again, err := Encode(it)
		if err != nil {
			return // nested too deeply for the table
		}
		if second, err := Decode(again); err != nil || !reflect.DeepEqual(it, second) {
			t.Errorf("%s\n%+v\n%+v %v", raw, it, second, err)
		}
	})
}
