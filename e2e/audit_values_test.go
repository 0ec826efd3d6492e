package e2e

import (
	"encoding/json"
	"strings"
	"testing"

	"realname/e2e/world"
	"realname/shared/audit"
	"realname/shared/realname"
)

func TestTheAuditIsShownWithTheMaskedValues(t *testing.T) {
	p := operated(t)
	c := p.clerkOf(t, world.Pass)
	c.changed(c.changes("region", map[string]any{"region": "天津"}), world.Password)
	op := c.addOperator(1, stranger(40))
	number := stranger(40)
	masked := number[:4] + "*******" + number[14:]

	lines := strings.Split(strings.TrimSpace(p.says(t, "audit", "export", "--format", "jsonl", "--uscc", c.who.USCC)),
		"\n")
	if len(lines) != 2 {
		t.Fatal(lines)
	}
	for i, want := range []realname.AuditField{{Field: "region", After: "天津"}, {Field: "idNumber", After: masked}} {
		var entry map[string]any
		var known struct{ Values []realname.AuditField }
		decoder := json.NewDecoder(strings.NewReader(lines[i]))
		decoder.UseNumber()
		if decoder.Decode(&entry) != nil || json.Unmarshal([]byte(lines[i]), &known) != nil {
			t.Fatal(lines[i])
		}
		found := false
		for _, v := range known.Values {
			found = found || v.Field == want.Field && v.After == want.After
		}
		if !found {
			t.Errorf("%+v is not in %s", want, lines[i])
		}
		delete(entry, "values")
		if hash, err := audit.Hash(entry); err != nil || hash != entry[audit.HashField] {
			t.Errorf("the hash of %s is %s: %v", lines[i], hash, err)
		}
	}
	if csv := p.says(t, "audit", "export", "--uscc", c.who.USCC); !strings.Contains(csv, masked) ||
		strings.Contains(csv, number) {
		t.Errorf("%s", csv)
	}
	if out := p.says(t, "enterprise", "show", c.who.USCC); !strings.Contains(out, "→ 天津") ||
		!strings.Contains(out, "idNumber: – → "+masked) || strings.Contains(out, number) {
		t.Errorf("%s", out)
	}
	p.says(t, "erase", "--account", op.Operator.Id, "--yes")
	if out := p.says(t, "audit", "export", "--format", "jsonl", "--uscc", c.who.USCC); strings.Contains(out, masked) ||
		!strings.Contains(out, "天津") {
		t.Errorf("after the erasure: %s", out)
	}
}
