// Package dynamojson converts items between table.Item and DynamoDB JSON, the format
// of Step Functions tasks and stream records. It defines the layout of the table: PK,
// SK, version, body, GSI1PK, GSI1SK, GSI2PK, GSI2SK, expires.
package dynamojson

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"

	"realname/shared/table"
)

// Encode returns the item's attributes in DynamoDB JSON. Numbers have the spelling
// that DynamoDB returns.
// Errors: table.ErrInvalid for a value that the table cannot hold.
func Encode(it table.Item) (map[string]any, error) {
	body, err := encodeValue(it.Body, MaxDepth)
	if err != nil {
		return nil, err
	}
	if it.Body == nil {
		body = map[string]any{"M": map[string]any{}}
	}
	m := map[string]any{
		"PK": str(it.Key.PK), "SK": str(it.Key.SK),
		"version": num(fmt.Sprint(it.Version)), "body": body,
	}
	if it.GSI1.PK != "" {
		m["GSI1PK"], m["GSI1SK"] = str(it.GSI1.PK), str(it.GSI1.SK)
	}
	if it.GSI2.PK != "" {
		m["GSI2PK"], m["GSI2SK"] = str(it.GSI2.PK), str(it.GSI2.SK)
	}
	if !it.Expires.IsZero() {
		m["expires"] = num(fmt.Sprint(it.Expires.Unix()))
	}
	return m, nil
}

// MaxDepth is the deepest nesting of containers, including the body: one less than
// DynamoDB's 32 levels, which count the value inside the innermost container.
const MaxDepth = 31

// Decode returns the item of DynamoDB JSON. An item without a body gets an empty one.
// Errors: table.ErrInvalid for an attribute that is not in the layout.
func Decode(m map[string]any) (table.Item, error) {
	var it table.Item
	for name, value := range m {
		v, err := decodeValue(value)
		if err != nil {
			return table.Item{}, fmt.Errorf("attribute %s: %w", name, err)
		}
		if err := set(&it, name, v); err != nil {
			return table.Item{}, err
		}
	}
	if it.Body == nil {
		it.Body = map[string]any{}
	}
	if it.Key.PK == "" || it.Key.SK == "" || it.Version < 1 {
		return table.Item{}, fmt.Errorf("%w: the item has no key or no version", table.ErrInvalid)
	}
	return it, nil
}

// DecodeKeys returns what an index projects of an item: its keys. It ignores other
// attributes.
// Errors: table.ErrInvalid if the item's own key is missing.
func DecodeKeys(m map[string]any) (table.Item, error) {
	var it table.Item
	for _, name := range []string{"PK", "SK", "GSI1PK", "GSI1SK", "GSI2PK", "GSI2SK"} {
		value, ok := m[name]
		if !ok {
			continue
		}
		v, err := decodeValue(value)
		if err != nil {
			return table.Item{}, fmt.Errorf("attribute %s: %w", name, err)
		}
		if err := set(&it, name, v); err != nil {
			return table.Item{}, err
		}
	}
	if it.Key.PK == "" || it.Key.SK == "" {
		return table.Item{}, fmt.Errorf("%w: an index lists an item without its key", table.ErrInvalid)
	}
	return it, nil
}

func set(it *table.Item, name string, v any) error {
	text, isText := v.(string)
	number, isNumber := v.(json.Number)
	body, isBody := v.(map[string]any)
	fields := map[string]*string{
		"PK": &it.Key.PK, "SK": &it.Key.SK, "GSI1PK": &it.GSI1.PK, "GSI1SK": &it.GSI1.SK,
		"GSI2PK": &it.GSI2.PK, "GSI2SK": &it.GSI2.SK,
	}
	var err error
	switch {
	case fields[name] != nil && isText:
		*fields[name] = text
	case name == "version" && isNumber:
		it.Version, err = number.Int64()
	case name == "expires" && isNumber:
		var at int64
		at, err = number.Int64()
		it.Expires = time.Unix(at, 0).UTC()
	case name == "body" && isBody:
		it.Body = body
	default:
		err = fmt.Errorf("%w: attribute %s: unknown, or of the wrong type", table.ErrInvalid, name)
	}
	return err
}

// Refusals of a value that the table cannot hold.
var (
	ErrTooDeep     = fmt.Errorf("%w: the nesting is deeper than %d", table.ErrInvalid, MaxDepth)
	ErrTextNotUTF8 = fmt.Errorf("%w: a text is not UTF-8", table.ErrInvalid)
	ErrNameNotUTF8 = fmt.Errorf("%w: a name is not UTF-8", table.ErrInvalid)
)

// Unsupported refuses a value of a type that the table cannot hold.
func Unsupported(v any) error { return fmt.Errorf("%w: unsupported type %T", table.ErrInvalid, v) }

func str(s string) map[string]any { return map[string]any{"S": s} }

func num(s string) map[string]any { return map[string]any{"N": s} }

func encodeValue(v any, depth int) (map[string]any, error) {
	if depth < 0 {
		return nil, ErrTooDeep
	}
	switch v := v.(type) {
	case nil:
		return map[string]any{"NULL": true}, nil
	case string:
		if !utf8.ValidString(v) {
			return nil, ErrTextNotUTF8
		}
		return str(v), nil
	case bool:
		return map[string]any{"BOOL": v}, nil
	case json.Number:
		n, err := Number(v.String())
		return num(n), err
	case []any:
		list := make([]any, len(v))
		for i := range v {
			e, err := encodeValue(v[i], depth-1)
			if err != nil {
				return nil, err
			}
			list[i] = e
		}
		return map[string]any{"L": list}, nil
	case map[string]any:
		m := make(map[string]any, len(v))
		for k := range v {
			if !utf8.ValidString(k) {
				return nil, ErrNameNotUTF8
			}
			e, err := encodeValue(v[k], depth-1)
			if err != nil {
				return nil, err
			}
			m[k] = e
		}
		return map[string]any{"M": m}, nil
	}
	return nil, Unsupported(v)
}

func decodeValue(v any) (any, error) {
	m, ok := v.(map[string]any)
	if !ok || len(m) != 1 {
		return nil, fmt.Errorf("%w: a value has no type", table.ErrInvalid)
	}
	for kind, inner := range m {
		switch inner := inner.(type) {
		case string:
			if kind == "S" {
				return inner, nil
			}
			if kind == "N" {
				n, err := Number(inner)
				return json.Number(n), err
			}
		case bool:
			if kind == "BOOL" {
				return inner, nil
			}
			if kind == "NULL" {
				return nil, nil
			}
		case []any:
			if kind == "L" {
				list := make([]any, len(inner))
				for i := range inner {
					e, err := decodeValue(inner[i])
					if err != nil {
						return nil, err
					}
					list[i] = e
				}
				return list, nil
			}
		case map[string]any:
			if kind == "M" {
				out := make(map[string]any, len(inner))
				for k := range inner {
					e, err := decodeValue(inner[k])
					if err != nil {
						return nil, err
					}
					out[k] = e
				}
				return out, nil
			}
		}
	}
	return nil, fmt.Errorf("%w: unsupported type of value", table.ErrInvalid)
}

// Put stores an item without a condition, as a Step Functions task does.
// Errors: those of Decode and Transact.
func Put(ctx context.Context, t table.Table, attributes map[string]any) error {
	it, err := Decode(attributes)
	if err != nil {
		return fmt.Errorf("put: %w", err)
	}
	return t.Transact(ctx, table.Put(it, table.Always()))
}
