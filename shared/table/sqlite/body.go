package sqlite

import (
	"encoding/json"
	"errors"
	"strings"
)

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
