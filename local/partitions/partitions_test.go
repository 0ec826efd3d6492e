package partitions_test

import (
	"testing"
	"time"

	"realname/local/faults"
	"realname/local/partitions"
	"realname/shared/table"
	"realname/shared/table/memory"
)

func TestAFunctionReachesItsPartitionsOnly(t *testing.T) {
	limited := partitions.Limited(memory.New(time.Now))
	key := func(pk string) table.Key { return table.Key{PK: pk, SK: "X"} }
	for _, c := range []struct {
		function, pk string
		reads        bool
		writes       bool
	}{
		{"", "ACCOUNT#1", true, true}, // staff
		{"oauth", "CLIENT#customs", true, true},
		{"oauth", "CONFIG#client", true, false},
		{"oauth", "CONFIG#clients", false, false},
		{"oauth", "ACCOUNT#1", false, false},
		{"login", "LOGIN#clerk", true, true},
		{"login", "ENTERPRISE#91130100MA0R01NM09", false, false},
		{"real-name-status", "ENTERPRISE#91130100MA0R01NM09", true, false},
		{"bank-callback", "NONCE#ABC#1", true, true},
		{"bank-callback", "LOGIN#clerk", false, false},
		{"authorizer", "ACCOUNT#1", false, false}, // it does not use the table
	} {
		ctx := t.Context()
		if c.function != "" {
			ctx = faults.Invocation(ctx, c.function)
		}
		_, get := limited.Get(ctx, key(c.pk))
		_, query := limited.Query(ctx, table.Query{PK: c.pk})
		put := limited.Transact(ctx, table.Put(table.Item{Key: key(c.pk), Version: 1}, table.Always()))
		check := limited.Transact(ctx, table.Check(key(c.pk), table.VersionIs(1)))
		remove := limited.Transact(ctx, table.Delete(key(c.pk), table.Always()))
		if (get == nil) != c.reads || (query == nil) != c.reads || (put == nil) != c.writes ||
			(check == nil) != c.writes || (remove == nil) != c.writes {
			t.Errorf("%q, %s: get %v, query %v, put %v, check %v, delete %v",
				c.function, c.pk, get, query, put, check, remove)
		}
	}
}
