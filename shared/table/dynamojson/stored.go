package dynamojson

import (
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"

	"realname/shared/table"
)

// Stored checks the writes of a transaction and returns copies as every table stores
// them: numbers in one spelling, and bodies that later changes of the caller's values
// do not reach. The copies are equal to Decode of Encode, without the maps of DynamoDB
// JSON in between.
// Errors: those of table.Validate and Encode.
func Stored(writes []table.Write) ([]table.Write, error) {
	if err := table.Validate(writes); err != nil {
		return nil, err
	}
	own := make([]table.Write, len(writes))
	for i, w := range writes {
		own[i] = w
		if w.Action != table.ActionPut {
			continue
		}
		body, err := stored(w.Item.Body, MaxDepth)
		if err != nil {
			return nil, err
		}
		own[i].Item.Body = body.(map[string]any)
		if !w.Item.Expires.IsZero() {
			own[i].Item.Expires = time.Unix(w.Item.Expires.Unix(), 0).UTC()
		}
	}
	return own, nil
}

// stored returns a value as encodeValue and decodeValue would.
func stored(v any, depth int) (any, error) {
	if depth < 0 {
		return nil, ErrTooDeep
	}
	switch t := v.(type) {
	case nil, bool:
		return v, nil
	case string:
		if !utf8.ValidString(t) {
			return nil, ErrTextNotUTF8
		}
		return v, nil
	case json.Number:
		n, err := Number(t.String())
		if err != nil || n == t.String() {
			return v, err // without another allocation
		}
		return json.Number(n), nil
	case []any:
		list := make([]any, len(t))
		for i := range t {
			var err error
			if list[i], err = stored(t[i], depth-1); err != nil {
				return nil, err
			}
		}
		return list, nil
	case map[string]any:
		m := make(map[string]any, len(t))
		for k, inner := range t {
			if !utf8.ValidString(k) {
				return nil, ErrNameNotUTF8
			}
			own, err := stored(inner, depth-1)
			if err != nil {
				return nil, err
			}
			m[k] = own
		}
		return m, nil
	}
	return nil, Unsupported(v)
}

// Refusals of a value that the table cannot hold.
var (
	ErrTooDeep     = fmt.Errorf("%w: the nesting is deeper than %d", table.ErrInvalid, MaxDepth)
	ErrTextNotUTF8 = fmt.Errorf("%w: a text is not UTF-8", table.ErrInvalid)
	ErrNameNotUTF8 = fmt.Errorf("%w: a name is not UTF-8", table.ErrInvalid)
)

// Unsupported refuses a value of a type that the table cannot hold.
func Unsupported(v any) error { return fmt.Errorf("%w: unsupported type %T", table.ErrInvalid, v) }
