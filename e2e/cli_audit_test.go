package e2e

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"realname/e2e/world"
	"realname/local/remote"
	"realname/shared/table"
)

func TestVerifyFindsWhatIsMissingFromATrail(t *testing.T) {
	p := only(t)
	c := p.clerkOf(t, world.Pass)
	c.verify()
	other := p.clerkOf(t, world.Pass)
	other.begin()
	type verdicts []struct {
		USCC, Head string
		Faults     []struct {
			Seq   int
			Fault string
		}
	}
	for _, v := range says[verdicts](t, p, "audit", "verify") {
		if len(v.Faults) > 0 {
			t.Errorf("%+v", v)
		}
	}
	noted := says[verdicts](t, p, "audit", "verify", "--uscc", c.who.USCC)[0].Head
	jsonl := p.says(t, "audit", "export", "--format", "jsonl", "--uscc", c.who.USCC)
	csv := p.says(t, "audit", "export", "--uscc", c.who.USCC)
	if strings.Count(jsonl, "\n") != 2 || strings.Count(csv, "\n") != 3 || !strings.HasPrefix(csv, "uscc,seq,at,action") {
		t.Errorf("%s\n%s", jsonl, csv)
	}
	editTrail(t, remote.New(p.URL).Table(), c.who.USCC, func(body map[string]any) {
		body["entries"] = body["entries"].([]any)[1:]
	})
	out, ok := p.commandLine(t, "audit", "verify", "--json")
	if ok || !strings.Contains(out, `"fault": "missing"`) || !strings.Contains(out, "not whole") {
		t.Errorf("succeeded %v: %s", ok, out)
	}
	if out, ok := p.commandLine(t, "audit", "verify", "--uscc", other.who.USCC, "--head", noted); ok ||
		!strings.Contains(out, "rewritten") {
		t.Errorf("another trail has the noted head: %s", out)
	}
}

// editTrail changes the head of an enterprise's trail, which holds the latest entries, as
// an attacker with write access to the table can.
func editTrail(t *testing.T, tb table.Table, uscc string, change func(body map[string]any)) {
	t.Helper()
	items, err := tb.Get(t.Context(), table.Key{PK: "ENTERPRISE#" + uscc, SK: "TRAIL"})
	if err != nil || len(items) != 1 {
		t.Fatalf("%v, %v", items, err)
	}
	change(items[0].Body)
	if err := tb.Transact(t.Context(), table.Put(items[0], table.Always())); err != nil {
		t.Fatal(err)
	}
}

// An attacker with write access to the table can make a shortened trail look
// complete, but cannot change a head that an earlier run printed.
func TestVerifyHoldsTrailsToWhatAnEarlierRunPrinted(t *testing.T) {
	p := only(t)
	tb := remote.New(p.URL).Table()
	for range 3 {
		p.clerkOf(t, world.Pass).verify()
	}
	earlier := filepath.Join(t.TempDir(), "heads.json")
	printed := p.says(t, "audit", "verify", "--json")
	if err := os.WriteFile(earlier, []byte(printed), 0o600); err != nil {
		t.Fatal(err)
	}
	var trails []struct{ USCC string }
	if err := json.Unmarshal([]byte(printed), &trails); err != nil || len(trails) != 3 {
		t.Fatalf("%s %v", printed, err)
	}
	p.says(t, "audit", "verify", "--against", earlier)
	drop := func(uscc string, keys ...string) {
		t.Helper()
		for _, sk := range keys {
			if err := tb.Transact(t.Context(),
				table.Delete(table.Key{PK: "ENTERPRISE#" + uscc, SK: sk}, table.Always())); err != nil {
				t.Fatal(err)
			}
		}
	}
	drop(trails[0].USCC, "TRAIL")                                // the trail
	drop(trails[1].USCC, "TRAIL", "PROFILE")                     // and the enterprise
	editTrail(t, tb, trails[2].USCC, func(body map[string]any) { // the last entry
		first := body["entries"].([]any)[:1]
		body["entries"], body["count"], body["hash"] = first, json.Number("1"), first[0].(map[string]any)["hash"]
	})
	if out, ok := p.commandLine(t, "audit", "verify"); !ok {
		t.Errorf("what was removed with its head is a fault: %s", out)
	}
	out, ok := p.commandLine(t, "audit", "verify", "--against", earlier)
	if ok || strings.Count(out, "rewritten") != 3 {
		t.Errorf("succeeded %v: %s", ok, out)
	}
	if out, ok := p.commandLine(t, "audit", "verify", "--against", earlier+"x"); ok ||
		!strings.Contains(out, "no such file") {
		t.Error(out)
	}
}
