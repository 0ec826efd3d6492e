package server

import (
	"encoding/base64"
	"testing"

	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table/memory"
)

// A restore opens every sealed value. A place that store.SealedValues does not know
// would be left out.
func TestEverySealedPlaceIsKnown(t *testing.T) {
	s := demo(t)
	if err := s.Announce(t.Context(), "http://127.0.0.1:1"); err != nil {
		t.Fatal(err)
	}
	status, id, _ := s.call(t, "sessions", "POST", "/v1/sessions",
		`{"method":"legal_representative","consentVersion":"2026-12-755e1e5a"}`)
	if status != 201 {
		t.Fatal(status)
	}
	s.opened(t, id, "enterprise")
	s.call(t, "enterprise", "POST", "/v1/sessions/"+id+"/enterprise", passingSteps[0].body)
	opened := 0
	for _, it := range s.table.(*memory.Table).Dump() {
		known := map[realname.Sealed]bool{}
		for _, v := range store.SealedValues(it) {
			known[v.Value] = true
			if _, err := s.seal.Open(v.Value, v.Item, v.Field); err != nil {
				t.Errorf("%v: %s of %s: %v", it.Key, v.Field, v.Item, err)
			}
			opened++
		}
		for _, text := range texts(it.Body) {
			if looksSealed(text) && !known[realname.Sealed(text)] {
				t.Errorf("%v holds a sealed value that SealedValues does not know", it.Key)
			}
		}
	}
	if opened < 20 {
		t.Errorf("%d values opened", opened)
	}
}

// texts returns every string in a body.
func texts(v any) (all []string) {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		for _, e := range v {
			all = append(all, texts(e)...)
		}
	case map[string]any:
		for _, e := range v {
			all = append(all, texts(e)...)
		}
	}
	return all
}

func looksSealed(text string) bool {
	raw, err := base64.RawStdEncoding.DecodeString(text)
	const shortest = 5 + 12 + 16 // prefix, nonce and tag
	return err == nil && len(raw) >= shortest && raw[0] == 1
}
