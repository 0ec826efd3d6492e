package realname_test

import (
	"testing"

	"realname/shared/realname"
)

func TestAHeadHoldsAllUntilEntriesLeaveIt(t *testing.T) {
	entries := func(n int) []map[string]any { return make([]map[string]any, n) }
	for name, c := range map[string]struct {
		head realname.TrailHead
		want bool
	}{
		"no entry":              {realname.TrailHead{}, false},
		"all":                   {realname.TrailHead{Entries: 2, Recent: entries(2)}, true},
		"some in items":         {realname.TrailHead{Entries: 3, Recent: entries(2)}, false},
		"of the former version": {realname.TrailHead{Entries: 3}, false},
	} {
		if got := c.head.HoldsAll(); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
