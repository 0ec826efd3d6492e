package journal_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"realname/local/sandbox/journal"
)

func open(t *testing.T, path string) (*journal.Journal, []string) {
	t.Helper()
	var found []string
	j, err := journal.Open(path, func(kind string, value json.RawMessage) error {
		found = append(found, kind+string(value))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return j, found
}

func TestEntriesComeBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sandbox.jsonl")
	j, found := open(t, path)
	if found != nil {
		t.Fatal(found)
	}
	for i := range 3 {
		if err := j.Add("n", i); err != nil {
			t.Fatal(err)
		}
	}
	_, found = open(t, path)
	if want := []string{"n0", "n1", "n2"}; !slices.Equal(found, want) {
		t.Errorf("%v", found)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
	var none *journal.Journal
	if none.Add("n", 1) != nil {
		t.Error("a journal that keeps nothing fails")
	}
}

func TestAnUnfinishedLineIsDropped(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sandbox.jsonl")
	if err := os.WriteFile(path, []byte("{\"kind\":\"n\",\"value\":1}\n{\"kind\":\"n\",\"va"), 0o600); err != nil {
		t.Fatal(err)
	}
	j, found := open(t, path)
	if err := j.Add("n", 2); err != nil || !slices.Equal(found, []string{"n1"}) {
		t.Fatal(found, err)
	}
	if _, found = open(t, path); !slices.Equal(found, []string{"n1", "n2"}) {
		t.Errorf("%v", found)
	}
}

func TestALongJournalForgetsItsOlderHalf(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sandbox.jsonl")
	var text []byte
	for i := range 40_001 {
		text = fmt.Appendf(text, "{\"kind\":\"n\",\"value\":%d}\n", i)
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		_, found := open(t, path)
		if len(found) > 20_000 || found[len(found)-1] != "n40000" {
			t.Fatalf("%d entries, the last %s", len(found), found[len(found)-1])
		}
	}
}

func TestADamagedJournalIsNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sandbox.jsonl")
	if err := os.WriteFile(path, []byte("nonsense\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := journal.Open(path, func(string, json.RawMessage) error { return nil }); err == nil {
		t.Error("opened")
	}
}
