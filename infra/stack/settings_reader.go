package stack

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"realname/shared/wiring"
)

// reader reads values from the context.
type reader struct {
	context map[string]string
	seen    map[string]bool // settings that were read
	known   map[string]bool // variables that functions read
	err     error
}

func (r *reader) wrong(format string, args ...any) {
	r.err = errors.Join(r.err, fmt.Errorf(format, args...))
}

func (r *reader) text(name, otherwise string) string {
	r.seen[name] = true
	return first(strings.TrimSpace(r.context[name]), otherwise)
}

func (r *reader) oneOf(name, otherwise string, allowed ...string) string {
	v := r.text(name, otherwise)
	if !slices.Contains(allowed, v) {
		r.wrong("%s: want one of %s, got %q", name, strings.Join(allowed, ", "), v)
	}
	return v
}

func (r *reader) number(name string, otherwise, least, most int) int {
	v := r.text(name, strconv.Itoa(otherwise))
	n, err := strconv.Atoi(v)
	if err != nil || n < least || n > most {
		r.wrong("%s: want an integer from %d to %d, got %q", name, least, most, v)
	}
	return n
}

func (r *reader) list(name string) []string {
	var all []string
	for part := range strings.SplitSeq(r.text(name, ""), ",") {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}

// perFunction reads values such as memory.login.
func (r *reader) perFunction(prefix string, least, most int) map[string]int {
	all := map[string]int{}
	for name := range r.context {
		f, ok := strings.CutPrefix(name, prefix)
		if !ok {
			continue
		}
		if _, known := functions[f]; !known {
			r.wrong("%s: there is no function %q", name, f)
		}
		all[f] = r.number(name, least, least, most)
	}
	return all
}

// environment reads the REALNAME_… values and checks them with the functions' own
// reader, so that a value that would fail a cold start fails the synthesis.
func (r *reader) environment() map[string]string {
	all := map[string]string{}
	for name, v := range r.context {
		if strings.HasPrefix(name, "REALNAME_") {
			all[name], r.seen[name] = v, true
		}
	}
	r.known = map[string]bool{}
	_, err := wiring.Load(func(name string) string {
		r.known[name] = true
		if v, ok := all[name]; ok {
			return v
		}
		return own[name]
	})
	r.err = errors.Join(r.err, err)
	for name := range all {
		if _, is := own[name]; is {
			r.wrong("%s is set by the deployment", name)
		} else if !r.known[name] {
			r.wrong("%s: unknown setting: no function reads it", name)
		}
	}
	return all
}

const set = "set by the deployment"

// own are the variables that the deployment sets, with values that wiring.Load accepts.
var own = map[string]string{
	"REALNAME_STAGE": set, "REALNAME_ISSUER": set, "REALNAME_TABLE": set, "REALNAME_STATE_MACHINE_ARN": set,
	"REALNAME_VAULT_SECRET_ARN": set, "REALNAME_TOKEN_KEY_ARN": set,
	"REALNAME_MACHINE_TOKEN_KEY_ARN": set,
	"REALNAME_TENCENT_SECRET_ARN":    set, "REALNAME_ALIYUN_SECRET_ARN": set, "REALNAME_BAIDU_SECRET_ARN": set,
	"REALNAME_EVENT_BUS": set, "REALNAME_RECIPIENTS": "", "REALNAME_ORIGIN_SECRET_ARN": set,
}

// unknown refuses unknown settings, because they are probably misspelled. It ignores
// values with a namespace, such as those of the CDK.
func (r *reader) unknown() {
	for name := range r.context {
		if !r.seen[name] && !strings.ContainsAny(name, ":/") {
			r.wrong("%s: unknown setting: docs/settings.md lists all", name)
		}
	}
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
