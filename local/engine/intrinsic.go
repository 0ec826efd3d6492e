package engine

import (
	"encoding/json"
	"fmt"
	"strings"
)

// parseFormat parses the only intrinsic function that the engine implements,
// States.Format('template', path, …).
func parseFormat(text string) (template string, args []string, err error) {
	inner, ok := strings.CutPrefix(text, "States.Format(")
	if !ok || !strings.HasSuffix(inner, ")") {
		return "", nil, fmt.Errorf("%q: want States.Format, the only supported intrinsic function", text)
	}
	inner = strings.TrimSpace(strings.TrimSuffix(inner, ")"))
	if len(inner) < 2 || inner[0] != '\'' {
		return "", nil, fmt.Errorf("%q: want a literal template", text)
	}
	end := strings.IndexByte(inner[1:], '\'')
	if end < 0 || strings.Contains(inner, `\`) {
		return "", nil, fmt.Errorf("%q: the template is not supported", text)
	}
	template = inner[1 : 1+end]
	rest := strings.TrimSpace(inner[end+2:])
	if rest != "" {
		if !strings.HasPrefix(rest, ",") {
			return "", nil, fmt.Errorf("%q: a comma is missing", text)
		}
		for arg := range strings.SplitSeq(rest[1:], ",") {
			arg = strings.TrimSpace(arg)
			if err := validPath(arg); err != nil {
				return "", nil, err
			}
			args = append(args, arg)
		}
	}
	if strings.Count(template, "{}") != len(args) {
		return "", nil, fmt.Errorf("%q: want as many {} as arguments", text)
	}
	return template, args, nil
}

// formatted is a parsed intrinsic function: an argument follows each literal but the last.
type formatted struct{ literals, args []string }

func format(text string, data any, context func() any) (any, error) {
	known, ok := parsed.formats.Load(text)
	if !ok {
		template, args, err := parseFormat(text)
		if err != nil {
			return nil, err
		}
		known, _ = parsed.formats.LoadOrStore(text, formatted{strings.Split(template, "{}"), args})
	}
	f := known.(formatted)
	text = f.literals[0]
	for i, arg := range f.args {
		v, err := value(arg, data, context)
		if err != nil {
			return nil, err
		}
		s, ok := v.(string)
		if !ok {
			raw, _ := json.Marshal(v) // decoded JSON always encodes
			s = string(raw)
		}
		text += s + f.literals[i+1]
	}
	return text, nil
}
