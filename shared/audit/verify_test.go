package audit_test

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"reflect"
	"testing"

	"realname/shared/audit"
)

// trail returns a chained trail of n entries and its head.
func trail(t *testing.T, n int) ([]map[string]any, audit.Head) {
	t.Helper()
	var entries []map[string]any
	var head audit.Head
	for i := range n {
		e := map[string]any{"action": "session_closed", "id": fmt.Sprint("e", i), "note": "<&> 企业"}
		hash, err := audit.Chain(e, head.Entries+1, head.Hash)
		if err != nil {
			t.Fatal(err)
		}
		head = audit.Head{Entries: head.Entries + 1, Hash: hash}
		entries = append(entries, e)
	}
	return entries, head
}

func TestVerifyNamesEveryFault(t *testing.T) {
	type entries = []map[string]any
	for name, c := range map[string]struct {
		damage func(e entries, h *audit.Head) entries
		want   []audit.Finding
	}{
		"an untouched trail has none": {func(e entries, _ *audit.Head) entries { return e }, nil},
		"a changed member": {
			func(e entries, _ *audit.Head) entries { e[1]["action"] = "other"; return e },
			[]audit.Finding{{Seq: 2, Fault: audit.Changed}},
		},
		"an added member": {
			func(e entries, _ *audit.Head) entries { e[1]["extra"] = true; return e },
			[]audit.Finding{{Seq: 2, Fault: audit.Changed}},
		},
		"a removed entry in the middle": {
			func(e entries, _ *audit.Head) entries { return append(e[:2:2], e[3:]...) },
			[]audit.Finding{{Seq: 3, Fault: audit.Missing}},
		},
		"the first entry removed": {
			func(e entries, _ *audit.Head) entries { return e[1:] },
			[]audit.Finding{{Seq: 1, Fault: audit.Missing}},
		},
		"the last entry removed": {
			func(e entries, _ *audit.Head) entries { return e[:4] },
			[]audit.Finding{{Seq: 5, Fault: audit.Missing}},
		},
		"a changed entry with a matching hash": {rehash, []audit.Finding{{Seq: 3, Fault: audit.Unchained}}},
		"an entry added after the head": {func(e entries, h *audit.Head) entries {
			h.Entries, h.Hash = 4, e[3]["hash"].(string)
			return e
		}, []audit.Finding{{Seq: 5, Fault: audit.Unexpected}}},
		"a duplicate entry": {
			func(e entries, _ *audit.Head) entries { return append(e, e[0]) },
			[]audit.Finding{{Seq: 1, Fault: audit.Unexpected}},
		},
		"the last entry and its hash replaced": {replaceLast, []audit.Finding{{Seq: 5, Fault: audit.HeadLost}}},
		"the head gone": {
			func(e entries, h *audit.Head) entries { *h = audit.Head{}; return e[:1] },
			[]audit.Finding{{Seq: 1, Fault: audit.Unexpected}},
		},
		"two entries exchanged": {exchange, []audit.Finding{
			{Seq: 2, Fault: audit.Changed}, {Seq: 3, Fault: audit.Changed}, {Seq: 4, Fault: audit.Unchained},
		}},
		"an entry without a number": {
			func(e entries, _ *audit.Head) entries { delete(e[4], "seq"); return e },
			[]audit.Finding{{Seq: 0, Fault: audit.Unexpected}, {Seq: 5, Fault: audit.Missing}},
		},
		"an entry of another enterprise": {foreign, []audit.Finding{
			{Seq: 2, Fault: audit.Unchained}, {Seq: 3, Fault: audit.Unchained},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			damaged, head := trail(t, 5)
			damaged = c.damage(damaged, &head)
			if got := audit.Verify(damaged, head); !reflect.DeepEqual(got, c.want) {
				t.Errorf("found %v, want %v", got, c.want)
			}
		})
	}
}

func rehash(e []map[string]any, _ *audit.Head) []map[string]any {
	e[1]["action"] = "other"
	e[1]["hash"], _ = audit.Hash(e[1]) // cannot fail for a map of strings
	return e
}

func replaceLast(e []map[string]any, _ *audit.Head) []map[string]any {
	e[4]["action"] = "other"
	e[4]["hash"], _ = audit.Hash(e[4]) // cannot fail for a map of strings
	return e
}

func exchange(e []map[string]any, _ *audit.Head) []map[string]any {
	e[1]["seq"], e[2]["seq"] = e[2]["seq"], e[1]["seq"]
	return e
}

func foreign(e []map[string]any, _ *audit.Head) []map[string]any {
	other := map[string]any{"action": "foreign"}
	_, _ = audit.Chain(other, 2, "another enterprise's hash") // cannot fail for a map of strings
	e[1] = other
	return e
}

// An entry has the same hash after it was stored and read back.
func TestHashIsThatOfTheStoredText(t *testing.T) {
	e := map[string]any{"b": json.Number("1"), "a": "<", "hash": "x"}
	got, err := audit.Hash(e)
	want := fmt.Sprintf("%x", sha256.Sum256([]byte(`{"a":"<","b":1}`)))
	if err != nil || got != want {
		t.Errorf("%s, want %s: %v", got, want, err)
	}
}
