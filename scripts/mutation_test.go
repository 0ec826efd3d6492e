package scripts

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// `make mutation` takes long and is not part of `make test`. This finds at once
// the explained mutants whose line of source has changed.
func TestEveryExplainedMutantIsOfALineThatExists(t *testing.T) {
	list, err := os.ReadFile("mutation.allow")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(list)) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "  ") {
			continue
		}
		part := strings.SplitN(line, " ", 3)
		if len(part) != 3 {
			t.Errorf("want a file, a mutator and a line of source, got %q", line)
			continue
		}
		source, err := os.ReadFile(filepath.Join("..", part[0]))
		if err != nil {
			t.Error(err)
			continue
		}
		found := false
		for text := range strings.Lines(string(source)) {
			text, _, _ = strings.Cut(strings.TrimSpace(text), " // ")
			found = found || text == part[2]
		}
		if !found {
			t.Errorf("%s has no line %q: correct scripts/mutation.allow", part[0], part[2])
		}
	}
}
