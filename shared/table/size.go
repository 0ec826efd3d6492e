package table

import "encoding/json"

// Size returns approximately the size that DynamoDB counts for its limit of 400 KB:
// attribute names and UTF-8 bytes, one byte for two digits of a number, three bytes
// for a container and one for each of its elements (Amazon DynamoDB Developer Guide,
// "DynamoDB item sizes and formats").
func Size(it Item) int {
	n := len("PK") + len(it.Key.PK) + len("SK") + len(it.Key.SK) + len("version") + 8 + len("body") + sizeOf(it.Body)
	for _, k := range []IndexKey{it.GSI1, it.GSI2} {
		if k.PK != "" {
			n += len("GSI1PK") + len(k.PK) + len("GSI1SK") + len(k.SK)
		}
	}
	if !it.Expires.IsZero() {
		n += len("expires") + 7
	}
	return n
}

func sizeOf(v any) int {
	switch v := v.(type) {
	case string:
		return len(v)
	case json.Number:
		return len(v)/2 + 2
	case []any:
		n := 3
		for _, e := range v {
			n += 1 + sizeOf(e)
		}
		return n
	case map[string]any:
		n := 3
		for k, e := range v {
			n += 1 + len(k) + sizeOf(e)
		}
		return n
	}
	return 1
}
