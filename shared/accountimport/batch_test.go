package accountimport_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"realname/e2e/world"
	"realname/shared/audit"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table"
	"realname/shared/table/memory"
)

// separate returns a file whose rows have an enterprise each.
func separate(rows int) string {
	var b strings.Builder
	b.WriteString(header)
	for n := range rows {
		uscc, org := world.Codes(n)
		fmt.Fprintf(&b, "clerk-%d,,migrated_local,甲公司%d,%s,%s,石家庄,"+
			"赵安国,resident_id,130105197803121016,钱小敏,resident_id,%s,13800001001,c%d@example.com,河北省\n",
			n, n, uscc, org, world.ResidentID("130102", 1985, n), n)
	}
	return b.String()
}

// The audit entry of a new enterprise is in the head of its trail.
func TestTwentyNewEnterprisesAreOneTransaction(t *testing.T) {
	s := newStage(t, table.Counted(memory.New(time.Now)))
	im := s.importer()
	im.Workers = 1
	ctx, calls := table.WithCounter(t.Context())
	if r, err := s.run(ctx, im, separate(60)); err != nil || r.Rows != 60 || len(r.Refused) > 0 {
		t.Fatalf("%+v, %v", r, err)
	}
	if got := calls.Calls(); got != 6 { // what is stored, and the transaction, of each twenty
		t.Errorf("%d calls of the table", got)
	}
}

// An enterprise that is new can have a trail: it got another code before. If its head is
// full, the import needs an item more.
func TestATransactionWithTooManyItemsIsWrittenInHalves(t *testing.T) {
	s := newStage(t, memory.New(time.Now))
	for n := range 20 {
		uscc, _ := world.Codes(n)
		c := realname.Change{Audit: []realname.AuditEntry{{
			ID: "former", At: time.Now(), USCC: uscc, Action: realname.AuditEnterpriseChanged, Actor: strings.Repeat("x", 650),
		}}}
		if err := s.store.Commit(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	im := s.importer()
	im.Workers = 1
	if r, err := s.run(t.Context(), im, separate(20)); err != nil || r.Rows != 20 || len(r.Refused) > 0 {
		t.Fatalf("%+v, %v", r, err)
	}
	for n := range 20 {
		uscc, _ := world.Codes(n)
		entries, head, err := s.store.AuditTrail(t.Context(), uscc)
		if found := audit.Verify(entries, head); err != nil || len(entries) != 2 || len(found) > 0 {
			t.Errorf("%s: %v, %v, %v", uscc, entries, found, err)
		}
		if a, err := s.store.FindLogin(t.Context(), store.LoginKey(fmt.Sprint("clerk-", n))); err != nil || a.USCC != uscc {
			t.Errorf("%+v, %v", a, err)
		}
	}
}
