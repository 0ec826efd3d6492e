package table

import "testing"

// A cursor that a query takes leads to a place inside that query.
func FuzzCursor(f *testing.F) {
	q := Query{Index: GSI1, PK: "ACCOUNT#1", SKPrefix: "SESSION#"}
	f.Add(q.Cursor(Item{Key: Key{PK: "SESSION#1", SK: "STATE"}, GSI1: IndexKey{PK: q.PK, SK: "SESSION#2026"}}))
	f.Add(q.Cursor(Item{Key: Key{PK: "SESSION#1", SK: "STATE"}, GSI1: IndexKey{PK: "ACCOUNT#2", SK: "SESSION#2026"}}))
	f.Add("WyJHU0kxIl0")
	f.Fuzz(func(t *testing.T, cursor string) {
		q := q
		q.After = cursor
		p, err := q.place()
		if err == nil && p != nil && (p.Index.PK != q.PK || len(p.Index.SK) < len(q.SKPrefix) || p.Index.SK[:len(q.SKPrefix)] != q.SKPrefix || p.Key.PK == "") {
			t.Errorf("%q leads to %+v", cursor, p)
		}
	})
}
