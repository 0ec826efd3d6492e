package table

import (
	"strings"
	"testing"
)

// An accepted cursor leads to a place inside its query.
func FuzzCursor(f *testing.F) {
	q := Query{Index: GSI1, PK: "ACCOUNT#1", SKPrefix: "SESSION#"}
	key := Key{PK: "SESSION#1", SK: "STATE"}
	f.Add(q.Cursor(Item{Key: key, GSI1: IndexKey{PK: q.PK, SK: "SESSION#2026"}}))
	f.Add(q.Cursor(Item{Key: key, GSI1: IndexKey{PK: "ACCOUNT#2", SK: "SESSION#2026"}}))
	f.Add("WyJHU0kxIl0")
	f.Fuzz(func(t *testing.T, cursor string) {
		q := q
		q.After = cursor
		p, err := q.place()
		if err != nil || p == nil {
			return
		}
		if p.Index.PK != q.PK || !strings.HasPrefix(p.Index.SK, q.SKPrefix) || p.Key.PK == "" {
			t.Errorf("%q leads to %+v", cursor, p)
		}
	})
}
