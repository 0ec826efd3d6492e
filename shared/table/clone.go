package table

// Clone returns a copy of the item. A change of the copy's body does not reach the
// original.
func (it Item) Clone() Item {
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
