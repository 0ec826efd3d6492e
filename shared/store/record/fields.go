package record

import (
	"reflect"
	"strings"
	"sync"
)

// field is a field of a struct as its tag describes it.
type field struct {
	index     int
	name      string
	omitEmpty bool
	omitZero  bool
	codec     func() *codec // found at the first use, as a struct may contain itself
}

type fields []field

// fieldsOf returns the fields of a struct. ok is false for what only encoding/json
// knows: embedded structs and the option string.
func fieldsOf(t reflect.Type) (all fields, ok bool) {
	for i := range t.NumField() {
		f := t.Field(i)
		tag := f.Tag.Get("json")
		if f.Anonymous {
			return nil, false
		}
		if !f.IsExported() || tag == "-" {
			continue
		}
		name, options, _ := strings.Cut(tag, ",")
		if name == "" {
			name = f.Name
		}
		one := field{index: i, name: name, codec: sync.OnceValue(func() *codec { return codecOf(f.Type) })}
		for option := range strings.SplitSeq(options, ",") {
			switch option {
			case "omitempty":
				one.omitEmpty = true
			case "omitzero":
				one.omitZero = true
			case "string":
				return nil, false
			}
		}
		all = append(all, one)
	}
	return all, true
}

// omits reports whether the encoded struct is without the field.
func (f field) omits(v reflect.Value) bool {
	return f.omitEmpty && isEmpty(v) || f.omitZero && isZero(v)
}

// isEmpty is what encoding/json calls empty.
func isEmpty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}

// isZero asks the value itself if it can tell, as encoding/json does.
func isZero(v reflect.Value) bool {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return true
		}
		z, ok := v.Interface().(interface{ IsZero() bool })
		return ok && z.IsZero()
	}
	if z, ok := v.Addr().Interface().(interface{ IsZero() bool }); ok {
		return z.IsZero()
	}
	return v.IsZero()
}

func (all fields) codec() *codec {
	return &codec{
		encode: func(v reflect.Value) (any, error) {
			given := 0
			for _, f := range all {
				if !f.omits(v.Field(f.index)) {
					given++
				}
			}
			m := make(map[string]any, given)
			for _, f := range all {
				inner := v.Field(f.index)
				if f.omits(inner) {
					continue
				}
				var err error
				if m[f.name], err = f.codec().encode(inner); err != nil {
					return nil, err
				}
			}
			return m, nil
		},
		decode: from(func(m map[string]any, into reflect.Value) error {
			for _, f := range all {
				inner, given := m[f.name]
				if !given {
					continue
				}
				if err := f.codec().decode(inner, into.Field(f.index)); err != nil {
					return err
				}
			}
			return nil
		}),
	}
}
