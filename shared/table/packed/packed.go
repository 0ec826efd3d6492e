// Package packed is the compact form of an item's body: one text, in which the values
// follow each other. A process that holds a million bodies or sends them to another one
// has neither their maps nor their JSON.
package packed

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"realname/shared/table"
	"realname/shared/table/dynamojson"
)

// Tags before a value. A text, a number and a name are preceded by their length, a list
// and an object by the number of their elements.
const (
	tagNull   = 'n'
	tagTrue   = 't'
	tagFalse  = 'f'
	tagText   = 's'
	tagNumber = 'd'
	tagList   = 'l'
	tagObject = 'm'
)

// Pack returns the packed form of a body, with numbers as DynamoDB returns them. A nil
// body is an empty one.
// Errors: table.ErrInvalid for a value that the table cannot hold.
func Pack(body map[string]any) (string, error) {
	raw, err := appendValue(make([]byte, 0, 512), body, dynamojson.MaxDepth)
	return string(raw), err
}

func appendValue(to []byte, v any, depth int) ([]byte, error) {
	if depth < 0 {
		return nil, dynamojson.ErrTooDeep
	}
	switch v := v.(type) {
	case nil:
		return append(to, tagNull), nil
	case bool:
		if v {
			return append(to, tagTrue), nil
		}
		return append(to, tagFalse), nil
	case string:
		if !utf8.ValidString(v) {
			return nil, dynamojson.ErrTextNotUTF8
		}
		return appendText(append(to, tagText), v), nil
	case json.Number:
		n, err := dynamojson.Number(v.String())
		return appendText(append(to, tagNumber), n), err
	case []any:
		to = binary.AppendUvarint(append(to, tagList), uint64(len(v)))
		for _, inner := range v {
			var err error
			if to, err = appendValue(to, inner, depth-1); err != nil {
				return nil, err
			}
		}
		return to, nil
	case map[string]any:
		to = binary.AppendUvarint(append(to, tagObject), uint64(len(v)))
		for name, inner := range v {
			if !utf8.ValidString(name) {
				return nil, dynamojson.ErrNameNotUTF8
			}
			var err error
			if to, err = appendValue(appendText(to, name), inner, depth-1); err != nil {
				return nil, err
			}
		}
		return to, nil
	}
	return nil, dynamojson.Unsupported(v)
}

func appendText(to []byte, text string) []byte {
	return append(binary.AppendUvarint(to, uint64(len(text))), text...)
}

// Unpack returns the body. Its texts share the memory of the packed form.
// Errors: table.ErrInvalid for a text that is not the packed form of a body.
func Unpack(packed string) (map[string]any, error) {
	r := reader{rest: packed}
	v := r.value(dynamojson.MaxDepth)
	body, ok := v.(map[string]any)
	if r.failed || !ok || r.rest != "" {
		return nil, fmt.Errorf("%w: not a packed body", table.ErrInvalid)
	}
	return body, nil
}

// reader reads values until one is wrong.
type reader struct {
	rest   string
	failed bool
}

func (r *reader) fail() any {
	r.rest, r.failed = "", true
	return nil
}

func (r *reader) value(depth int) any {
	if r.rest == "" || depth < 0 {
		return r.fail()
	}
	tag := r.rest[0]
	r.rest = r.rest[1:]
	switch tag {
	case tagNull:
		return nil
	case tagTrue:
		return true
	case tagFalse:
		return false
	case tagText:
		return r.text()
	case tagNumber:
		return json.Number(r.text())
	case tagList:
		list := make([]any, r.count(1))
		for i := range list {
			list[i] = r.value(depth - 1)
		}
		return list
	case tagObject:
		n := r.count(2) // a name has its length at least
		m := make(map[string]any, n)
		for range n {
			name := r.text()
			m[name] = r.value(depth - 1)
		}
		return m
	}
	return r.fail()
}

// count reads a number of elements, each of which takes some bytes.
func (r *reader) count(bytes int) int {
	n, size := binary.Uvarint([]byte(r.rest[:min(len(r.rest), binary.MaxVarintLen64)]))
	if size <= 0 || n > uint64(len(r.rest)/bytes) {
		r.fail()
		return 0
	}
	r.rest = r.rest[size:]
	return int(n)
}

func (r *reader) text() string {
	n := r.count(1)
	if n > len(r.rest) {
		r.fail()
		return ""
	}
	text := r.rest[:n]
	r.rest = r.rest[n:]
	return text
}
