package memory

import (
	"realname/shared/table"
)

// clone copies a stored item, so that callers cannot change the stored one.
func clone(it table.Item) table.Item {
	it.Body = cloneValue(it.Body).(map[string]any)
	return it
}

func cloneValue(v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := make(map[string]any, len(v))
		for k, e := range v {
			m[k] = cloneValue(e)
		}
		return m
	case []any:
		l := make([]any, len(v))
		for i, e := range v {
			l[i] = cloneValue(e)
		}
		return l
	}
	return v
}
