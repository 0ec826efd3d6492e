package store

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"maps"
	"strconv"

	"realname/shared/audit"
)

// pack returns the body of an item that holds entries of a trail, which follow each
// other. It stores once what all of them have in common, and omits what unpack restores:
// the enterprise, the numbers, and the hashes of the previous entries except the first.
func pack(entries []map[string]any) map[string]any {
	if len(entries) == 0 {
		return map[string]any{"entries": []any{}}
	}
	common := commonOf(entries)
	list := make([]any, len(entries))
	for i, e := range entries {
		own := map[string]any{}
		for name, value := range e {
			if _, omitted := common[name]; !omitted && !restored(name) {
				own[name] = value
			}
		}
		own[audit.HashField] = shortHash(e[audit.HashField])
		list[i] = own
	}
	body := map[string]any{"entries": list}
	if len(common) > 0 {
		body["common"] = common
	}
	if prev := shortHash(entries[0][audit.PrevField]); prev != "" {
		body["prev"] = prev
	}
	return body
}

// restored reports whether unpack restores the member of an entry.
func restored(name string) bool {
	return name == usccField || name == audit.SeqField || name == audit.PrevField || name == audit.HashField
}

const usccField = "uscc"

// commonOf returns the texts that several entries have in common.
func commonOf(entries []map[string]any) map[string]any {
	common := map[string]any{}
	if len(entries) < 2 {
		return common
	}
	for name, value := range entries[0] {
		if text, ok := value.(string); ok && !restored(name) {
			common[name] = text
		}
	}
	for _, e := range entries[1:] {
		maps.DeleteFunc(common, func(name string, text any) bool { return e[name] != text })
	}
	return common
}

// unpack returns the entries of an item as they were chained; first is the number of the
// first one. An item of version 1.0.0 is one entry. A change made in the table itself
// remains visible to audit.Verify.
func unpack(uscc string, first int64, body map[string]any) []map[string]any {
	list, packed := body["entries"].([]any)
	if !packed {
		return []map[string]any{body}
	}
	common, _ := body["common"].(map[string]any)
	prev := longHash(body["prev"])
	entries := make([]map[string]any, len(list))
	for i, of := range list {
		own, _ := of.(map[string]any)
		e := make(map[string]any, len(common)+len(own)+3)
		maps.Copy(e, common)
		maps.Copy(e, own)
		hash := longHash(own[audit.HashField])
		e[usccField], e[audit.SeqField] = uscc, json.Number(strconv.FormatInt(first+int64(i), 10))
		e[audit.PrevField], e[audit.HashField] = prev, hash
		entries[i], prev = e, hash
	}
	return entries
}

// shortHash is a hash as packed items store it, in base64. longHash returns the hash in
// hex, as entries have it. Both return any other text unchanged.
func shortHash(hash any) string {
	text, _ := hash.(string)
	sum, err := hex.DecodeString(text)
	if err != nil || len(sum) != hashBytes {
		return text
	}
	return base64.RawStdEncoding.EncodeToString(sum)
}

func longHash(hash any) string {
	text, _ := hash.(string)
	sum, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil || len(sum) != hashBytes {
		return text
	}
	return hex.EncodeToString(sum)
}

const hashBytes = 32 // of SHA-256
