// Package record converts records to the bodies of items and back. The result is that
// of encoding/json, including its struct tags, without the text in between: reading and
// writing items is most of what a request does.
package record

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"sync"
)

// Encode returns the body of a record. Numbers are json.Number.
// Errors: those of json.Marshal, and one for a record that is not a JSON object.
func Encode(record any) (map[string]any, error) {
	v := addressable(reflect.ValueOf(record))
	encoded, err := codecOf(v.Type()).encode(v)
	if err != nil || encoded == nil {
		return nil, err
	}
	body, ok := encoded.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("record: %T is not an object", record)
	}
	return body, nil
}

// Decode reads a body into the record, to which it needs a pointer. Unlike
// encoding/json, it distinguishes upper and lower case in names.
// Errors: as json.Unmarshal, for a value of the wrong type.
func Decode(body map[string]any, record any) error {
	v := reflect.ValueOf(record).Elem()
	if body == nil {
		return codecOf(v.Type()).decode(nil, v)
	}
	return codecOf(v.Type()).decode(body, v)
}

// addressable returns a copy whose methods can be called without another one.
func addressable(v reflect.Value) reflect.Value {
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	return c
}

// codec converts the values of one type. Both values are addressable.
type codec struct {
	encode func(reflect.Value) (any, error)
	decode func(any, reflect.Value) error
}

var codecs sync.Map // by reflect.Type

// codecOf returns the codec of a type, which it makes at the first use.
func codecOf(t reflect.Type) *codec {
	if c, ok := codecs.Load(t); ok {
		return c.(*codec)
	}
	c, _ := codecs.LoadOrStore(t, newCodec(t))
	return c.(*codec)
}

// byJSON converts by encoding/json, for types that are rare in records.
func byJSON() *codec {
	return &codec{
		encode: func(v reflect.Value) (any, error) {
			raw, err := json.Marshal(v.Interface())
			if err != nil {
				return nil, err
			}
			return parsed(raw)
		},
		decode: func(in any, into reflect.Value) error {
			raw, err := json.Marshal(in)
			if err != nil {
				return err
			}
			return json.Unmarshal(raw, into.Addr().Interface())
		},
	}
}

// parsed returns the value of a JSON text.
func parsed(raw []byte) (v any, err error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	err = d.Decode(&v)
	return v, err
}

func wrong(in any, t reflect.Type) error { return fmt.Errorf("record: %T does not fit into %s", in, t) }
