package engine

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/ohler55/ojg/jp"
)

// validPath accepts reference paths and simple JSONPaths that select one value.
func validPath(path string) error {
	if !strings.HasPrefix(path, "$") {
		return fmt.Errorf("%q is not a path", path)
	}
	if strings.HasPrefix(path, "$$") { // the context object
		path = path[1:]
	}
	expr, err := parsePath(path)
	if err != nil {
		return err
	}
	for _, part := range expr {
		switch part.(type) {
		case jp.Root, jp.Child, jp.Nth:
		default:
			return fmt.Errorf("path %q: want a path to one value", path)
		}
	}
	return nil
}

// parsed holds the paths of the definition and the parts of its intrinsic functions by
// their texts: each execution needs them again.
var parsed struct{ paths, formats sync.Map }

func parsePath(path string) (jp.Expr, error) {
	if known, ok := parsed.paths.Load(path); ok {
		return known.(jp.Expr), nil
	}
	expr, err := jp.ParseString(path)
	if err != nil {
		return nil, fmt.Errorf("path %q: %w", path, err)
	}
	parsed.paths.Store(path, expr)
	return expr, nil
}

// lookup returns the value at a path.
func lookup(path string, data any) (any, error) {
	expr, err := parsePath(path)
	if err != nil {
		return nil, err
	}
	for i, part := range expr {
		var found bool
		switch part := part.(type) {
		case jp.Root:
			found = true
		case jp.Child:
			var object map[string]any
			if object, found = data.(map[string]any); found {
				data, found = object[string(part)]
			}
		default: // an index
			rest := expr[i:].Get(data)
			if len(rest) == 1 {
				return rest[0], nil
			}
		}
		if !found {
			return nil, fmt.Errorf("path %q finds nothing", path)
		}
	}
	return data, nil
}

// value resolves the text of a ".$" field: a path in the data, a path in the
// context object, or an intrinsic function.
func value(text string, data any, context func() any) (any, error) {
	switch {
	case strings.HasPrefix(text, "$$"):
		return lookup(text[1:], context())
	case strings.HasPrefix(text, "$"):
		return lookup(text, data)
	}
	return format(text, data, context)
}

// fill resolves a template. In every object, fields whose names end in ".$" hold
// a path or an intrinsic function. context makes the context object, if one is needed.
func fill(template, data any, context func() any) (any, error) {
	switch t := template.(type) {
	case map[string]any:
		out := make(map[string]any, len(t))
		for k, v := range t {
			name, dynamic := strings.CutSuffix(k, ".$")
			var err error
			if dynamic {
				out[name], err = value(v.(string), data, context)
			} else {
				out[name], err = fill(v, data, context)
			}
			if err != nil {
				return nil, err
			}
		}
		return out, nil
	case []any:
		out := make([]any, len(t))
		for i := range t {
			var err error
			if out[i], err = fill(t[i], data, context); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return template, nil
}

func validTemplate(at string, template any) error {
	switch t := template.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(t)) {
			valid := validTemplate
			if strings.HasSuffix(k, ".$") {
				valid = validExpression
			}
			if err := valid(at+"."+k, t[k]); err != nil {
				return err
			}
		}
	case []any:
		for i := range t {
			if err := validTemplate(fmt.Sprintf("%s[%d]", at, i), t[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// validExpression checks the value of a field whose name ends in ".$": a path or a call of
// States.Format.
func validExpression(at string, value any) error {
	text, ok := value.(string)
	if !ok {
		return fmt.Errorf("%s: not a path", at)
	}
	var err error
	if strings.HasPrefix(text, "$") {
		err = validPath(text)
	} else {
		_, _, err = parseFormat(text)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", at, err)
	}
	return nil
}

func (p optionalPath) validate(at string) error {
	if !p.set || p.discard || p.path == "$" {
		return nil
	}
	if rest, ok := strings.CutPrefix(p.path, "$."); !ok || rest == "" || strings.ContainsAny(rest, "[]*?@()") {
		return fmt.Errorf("%s.ResultPath: %q is not supported", at, p.path)
	}
	return nil
}

// place puts a result at the path in a copy of the input.
func (p optionalPath) place(input, result any) (any, error) {
	if p.discard {
		return input, nil
	}
	if !p.set || p.path == "$" {
		return result, nil
	}
	return placeAt(strings.Split(strings.TrimPrefix(p.path, "$."), "."), input, result)
}

func placeAt(names []string, input, result any) (any, error) {
	if len(names) == 0 {
		return result, nil
	}
	old, ok := input.(map[string]any)
	if !ok && input != nil {
		return nil, errors.New("input: want an object to put the result into")
	}
	out := make(map[string]any, len(old)+1)
	for k, v := range old {
		out[k] = v
	}
	inner, err := placeAt(names[1:], out[names[0]], result)
	out[names[0]] = inner
	return out, err
}
