package audit_test

import (
	"reflect"
	"testing"

	"realname/shared/audit"
)

func TestContainsFindsTheNotedHeadAlone(t *testing.T) {
	entries, last := trail(t, 3)
	second := audit.Head{Entries: 2, Hash: entries[1][audit.HashField].(string)}
	for name, c := range map[string]struct {
		entries []map[string]any
		noted   audit.Head
		want    bool
	}{
		"the last entry":                   {entries, last, true},
		"an earlier entry":                 {entries, second, true},
		"another hash":                     {entries, audit.Head{Entries: 2, Hash: last.Hash}, false},
		"an entry after the trail's end":   {entries, audit.Head{Entries: 4, Hash: last.Hash}, false},
		"the head of an empty trail":       {entries, audit.Head{}, true},
		"the head of an empty trail still": {nil, audit.Head{}, true},
		"an entry of an empty trail":       {nil, second, false},
	} {
		if got := audit.Contains(c.entries, c.noted); got != c.want {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}

func TestFindingsOfOneEntryKeepTheirOrder(t *testing.T) {
	entries, head := trail(t, 3)
	entries[1]["action"] = "other"
	want := []audit.Finding{{Seq: 2, Fault: audit.Unexpected}, {Seq: 2, Fault: audit.Changed}}
	if got := audit.Verify(append(entries, entries[1]), head); !reflect.DeepEqual(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
}
