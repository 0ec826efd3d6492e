package sqlite

import (
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"

	"realname/shared/table/dynamojson"
)

// write returns the JSON of a body, with numbers as DynamoDB returns them. Its names are
// in no order.
// Errors: table.ErrInvalid for a value that the table cannot hold.
func write(body map[string]any) (string, error) {
	raw, err := appendValue(make([]byte, 0, 1024), body, dynamojson.MaxDepth)
	return string(raw), err
}

func appendValue(to []byte, v any, depth int) ([]byte, error) {
	if depth < 0 {
		return nil, dynamojson.ErrTooDeep
	}
	var err error
	switch v := v.(type) {
	case nil:
		return append(to, "null"...), nil
	case bool:
		if v {
			return append(to, "true"...), nil
		}
		return append(to, "false"...), nil
	case string:
		if !utf8.ValidString(v) {
			return nil, dynamojson.ErrTextNotUTF8
		}
		return appendText(to, v), nil
	case json.Number:
		n, err := dynamojson.Number(v.String())
		return append(to, n...), err
	case []any:
		to = append(to, '[')
		for i, inner := range v {
			if i > 0 {
				to = append(to, ',')
			}
			if to, err = appendValue(to, inner, depth-1); err != nil {
				return nil, err
			}
		}
		return append(to, ']'), nil
	case map[string]any:
		to = append(to, '{')
		first := true
		for name, inner := range v {
			if !utf8.ValidString(name) {
				return nil, dynamojson.ErrNameNotUTF8
			}
			if !first {
				to = append(to, ',')
			}
			first = false
			if to, err = appendValue(append(appendText(to, name), ':'), inner, depth-1); err != nil {
				return nil, err
			}
		}
		return append(to, '}'), nil
	}
	return nil, dynamojson.Unsupported(v)
}

// appendText writes a text. encoding/json writes the rare one that needs escapes.
func appendText(to []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c == '"' || c == '\\' {
			raw, _ := json.Marshal(text) // cannot fail for a text
			return append(to, raw...)
		}
	}
	return append(append(append(to, '"'), text...), '"')
}

var errBody = errors.New("the body of an item is not a JSON object")

// parse reads the JSON object of a body, with numbers as json.Number. It does what
// encoding/json does, but its texts share the memory of the body: reading items is most
// of what a request costs.
func parse(text string) (map[string]any, error) {
	p := parser{text: text}
	v := p.value(maxDepth)
	p.space()
	body, ok := v.(map[string]any)
	if p.failed || !ok || p.at != len(text) {
		return nil, errBody
	}
	return body, nil
}

// maxDepth is more than the nesting of any item (table.Item).
const maxDepth = 64

// parser reads values until one is wrong.
type parser struct {
	text   string
	at     int
	failed bool
}

func (p *parser) fail() any {
	p.at, p.failed = len(p.text), true
	return nil
}

func (p *parser) space() {
	for p.at < len(p.text) {
		switch p.text[p.at] {
		case ' ', '\t', '\n', '\r':
			p.at++
		default:
			return
		}
	}
}

// next skips space and reports whether the byte follows, which it reads.
func (p *parser) next(c byte) bool {
	p.space()
	if p.at < len(p.text) && p.text[p.at] == c {
		p.at++
		return true
	}
	return false
}

func (p *parser) value(depth int) any {
	p.space()
	if p.at == len(p.text) || depth == 0 {
		return p.fail()
	}
	switch p.text[p.at] {
	case '{':
		return p.object(depth)
	case '[':
		return p.list(depth)
	case '"':
		return p.string()
	case 't':
		return p.literal("true", true)
	case 'f':
		return p.literal("false", false)
	case 'n':
		return p.literal("null", nil)
	}
	return p.number()
}

func (p *parser) literal(text string, v any) any {
	if !strings.HasPrefix(p.text[p.at:], text) {
		return p.fail()
	}
	p.at += len(text)
	return v
}

func (p *parser) object(depth int) any {
	p.at++
	m := map[string]any{}
	if p.next('}') {
		return m
	}
	for !p.failed {
		p.space()
		if p.at == len(p.text) || p.text[p.at] != '"' {
			return p.fail()
		}
		name := p.string()
		if !p.next(':') {
			return p.fail()
		}
		m[name] = p.value(depth - 1)
		if p.next('}') {
			return m
		}
		if !p.next(',') {
			return p.fail()
		}
	}
	return nil
}

func (p *parser) list(depth int) any {
	p.at++
	list := []any{}
	if p.next(']') {
		return list
	}
	for !p.failed {
		list = append(list, p.value(depth-1))
		if p.next(']') {
			return list
		}
		if !p.next(',') {
			return p.fail()
		}
	}
	return nil
}

// string reads a text. encoding/json reads the rare one that is not written as it is.
func (p *parser) string() string {
	start := p.at
	for p.at++; p.at < len(p.text); p.at++ {
		switch c := p.text[p.at]; {
		case c == '"':
			p.at++
			return p.text[start+1 : p.at-1]
		case c == '\\':
			return p.escaped(start)
		case c < ' ':
			p.fail()
			return ""
		}
	}
	p.fail()
	return ""
}

func (p *parser) escaped(start int) (text string) {
	for ; p.at < len(p.text); p.at++ {
		switch p.text[p.at] {
		case '\\':
			p.at++ // and what follows
		case '"':
			p.at++
			if json.Unmarshal([]byte(p.text[start:p.at]), &text) != nil {
				p.fail()
			}
			return text
		}
	}
	p.fail()
	return ""
}

func (p *parser) number() any {
	start := p.at
	for p.at < len(p.text) && strings.IndexByte("+-.0123456789eE", p.text[p.at]) >= 0 {
		p.at++
	}
	n := p.text[start:p.at]
	if !json.Valid([]byte(n)) {
		return p.fail()
	}
	return json.Number(n)
}
