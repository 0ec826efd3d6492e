package store_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// Commit has a case for every realname.Write. Otherwise a missing case would show only
// when a user makes such a change for the first time.
func TestCommitKnowsEveryWrite(t *testing.T) {
	declared, err := os.ReadFile("../realname/change.go")
	if err != nil {
		t.Fatal(err)
	}
	code, err := os.ReadFile("commit.go")
	if err != nil {
		t.Fatal(err)
	}
	kinds := regexp.MustCompile(`(?m)^func \((\w+)\) write\(\)`).FindAllStringSubmatch(string(declared), -1)
	if len(kinds) == 0 {
		t.Fatal("no kind of write found")
	}
	for _, k := range kinds {
		if !strings.Contains(string(code), "case realname."+k[1]+":") {
			t.Errorf("Commit has no case for realname.%s", k[1])
		}
	}
}
