package record

import (
	"encoding"
	"encoding/base64"
	"encoding/json"
	"reflect"
	"strconv"
	"time"
	"unicode/utf8"
)

var (
	jsonEncoder = reflect.TypeFor[json.Marshaler]()
	jsonDecoder = reflect.TypeFor[json.Unmarshaler]()
	textEncoder = reflect.TypeFor[encoding.TextMarshaler]()
	textDecoder = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// newCodec makes the codec of a type. Codecs of inner types are found at each use, so
// that a type may contain itself.
func newCodec(t reflect.Type) *codec {
	to := reflect.PointerTo(t)
	switch {
	case t == reflect.TypeFor[time.Time]():
		return ofTime()
	case t.Implements(jsonEncoder) && to.Implements(jsonDecoder) && t.Kind() != reflect.Pointer:
		return ofSelf()
	case to.Implements(jsonEncoder) || to.Implements(jsonDecoder) || to.Implements(textEncoder) ||
		to.Implements(textDecoder):
		if t.Kind() != reflect.Pointer { // a pointer has the methods of its value
			return byJSON()
		}
	}
	switch t.Kind() {
	case reflect.String:
		return ofString()
	case reflect.Bool:
		return ofBool()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return ofInt()
	case reflect.Pointer:
		return ofPointer()
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return ofBytes()
		}
		return ofSlice()
	case reflect.Map:
		if key := t.Key(); key.Kind() == reflect.String && !key.Implements(textEncoder) &&
			!reflect.PointerTo(key).Implements(textDecoder) {
			return ofMap()
		}
	case reflect.Struct:
		if fields, ok := fieldsOf(t); ok {
			return fields.codec()
		}
	}
	return byJSON()
}

// from returns the conversion from values that the item holds as a T. As in encoding/json,
// null empties a slice or a map, and leaves any other value as it is.
func from[T any](decode func(in T, into reflect.Value) error) func(any, reflect.Value) error {
	return func(in any, into reflect.Value) error {
		value, ok := in.(T)
		switch {
		case ok:
			return decode(value, into)
		case in != nil:
			return wrong(in, into.Type())
		case into.Kind() == reflect.Slice || into.Kind() == reflect.Map:
			into.SetZero()
		}
		return nil
	}
}

// ofTime converts instants as time.Time.MarshalJSON does.
func ofTime() *codec {
	return &codec{
		encode: func(v reflect.Value) (any, error) {
			text, err := v.Addr().Interface().(*time.Time).MarshalText()
			return string(text), err
		},
		decode: from(func(text string, into reflect.Value) error {
			return into.Addr().Interface().(*time.Time).UnmarshalText([]byte(text))
		}),
	}
}

// ofSelf converts by the type's own methods. Numbers and texts are their usual JSON.
func ofSelf() *codec {
	return &codec{
		encode: func(v reflect.Value) (any, error) {
			raw, err := v.Addr().Interface().(json.Marshaler).MarshalJSON()
			if err != nil {
				return nil, err
			}
			if n, err := strconv.ParseInt(string(raw), 10, 64); err == nil && strconv.FormatInt(n, 10) == string(raw) {
				return json.Number(raw), nil
			}
			return parsed(raw)
		},
		decode: func(in any, into reflect.Value) error {
			var raw []byte
			if n, ok := in.(json.Number); ok {
				raw = []byte(n)
			} else {
				var err error
				if raw, err = json.Marshal(in); err != nil {
					return err
				}
			}
			return into.Addr().Interface().(json.Unmarshaler).UnmarshalJSON(raw)
		},
	}
}

func ofString() *codec {
	return &codec{
		encode: func(v reflect.Value) (any, error) { return text(v.String()), nil },
		decode: from(func(s string, into reflect.Value) error {
			into.SetString(s)
			return nil
		}),
	}
}

// text returns a text as JSON holds it, with U+FFFD for each byte that is not UTF-8.
func text(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return string([]rune(s))
}

func ofBool() *codec {
	return &codec{
		encode: func(v reflect.Value) (any, error) { return v.Bool(), nil },
		decode: from(func(b bool, into reflect.Value) error {
			into.SetBool(b)
			return nil
		}),
	}
}

func ofInt() *codec {
	return &codec{
		encode: func(v reflect.Value) (any, error) { return json.Number(strconv.FormatInt(v.Int(), 10)), nil },
		decode: from(func(number json.Number, into reflect.Value) error {
			n, err := strconv.ParseInt(string(number), 10, 64)
			if err != nil || into.OverflowInt(n) {
				return wrong(number, into.Type())
			}
			into.SetInt(n)
			return nil
		}),
	}
}

func ofPointer() *codec {
	return &codec{
		encode: func(v reflect.Value) (any, error) {
			if v.IsNil() {
				return nil, nil
			}
			return codecOf(v.Type().Elem()).encode(v.Elem())
		},
		decode: func(in any, into reflect.Value) error {
			if in == nil {
				into.SetZero()
				return nil
			}
			if into.IsNil() {
				into.Set(reflect.New(into.Type().Elem()))
			}
			return codecOf(into.Type().Elem()).decode(in, into.Elem())
		},
	}
}

func ofBytes() *codec {
	return &codec{
		encode: func(v reflect.Value) (any, error) {
			if v.IsNil() {
				return nil, nil
			}
			return base64.StdEncoding.EncodeToString(v.Bytes()), nil
		},
		decode: func(in any, into reflect.Value) error {
			text, ok := in.(string)
			switch {
			case in == nil:
				into.SetZero()
				return nil
			case !ok:
				return byJSON().decode(in, into) // a list of numbers fits, too
			}
			raw, err := base64.StdEncoding.DecodeString(text)
			if err == nil {
				into.SetBytes(raw)
			}
			return err
		},
	}
}

func ofSlice() *codec {
	return &codec{
		encode: func(v reflect.Value) (any, error) {
			if v.IsNil() {
				return nil, nil
			}
			of, list := codecOf(v.Type().Elem()), make([]any, v.Len())
			for i := range list {
				var err error
				if list[i], err = of.encode(v.Index(i)); err != nil {
					return nil, err
				}
			}
			return list, nil
		},
		decode: from(func(list []any, into reflect.Value) error {
			of, all := codecOf(into.Type().Elem()), reflect.MakeSlice(into.Type(), len(list), len(list))
			for i := range list {
				if err := of.decode(list[i], all.Index(i)); err != nil {
					return err
				}
			}
			into.Set(all)
			return nil
		}),
	}
}

func ofMap() *codec {
	return &codec{
		encode: func(v reflect.Value) (any, error) {
			if v.IsNil() {
				return nil, nil
			}
			of, m := codecOf(v.Type().Elem()), make(map[string]any, v.Len())
			for each := v.MapRange(); each.Next(); {
				var err error
				if m[text(each.Key().String())], err = of.encode(addressable(each.Value())); err != nil {
					return nil, err
				}
			}
			return m, nil
		},
		decode: from(func(m map[string]any, into reflect.Value) error {
			t := into.Type()
			if into.IsNil() {
				into.Set(reflect.MakeMapWithSize(t, len(m)))
			}
			for name, inner := range m {
				value := reflect.New(t.Elem()).Elem()
				if err := codecOf(t.Elem()).decode(inner, value); err != nil {
					return err
				}
				into.SetMapIndex(reflect.ValueOf(name).Convert(t.Key()), value)
			}
			return nil
		}),
	}
}
