package layout

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The index of decisions lists each record once, by its number, title and file. It calls a
// record superseded if and only if the record says so itself.
func TestTheIndexOfDecisionsIsWhole(t *testing.T) {
	const folder = "docs/decisions"
	index, err := os.ReadFile(filepath.Join(folder, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]string{} // by file
	for _, m := range regexp.MustCompile(`(?m)^\| (.*\]\((0.*?)\) \|.*) \|$`).FindAllStringSubmatch(string(index), -1) {
		if rows[m[2]] != "" {
			t.Errorf("%s is listed twice", m[2])
		}
		rows[m[2]] = m[1]
	}
	records, err := filepath.Glob(filepath.Join(folder, "0*.md"))
	if err != nil || len(records) != len(rows) {
		t.Errorf("%d records, %d rows, %v", len(records), len(rows), err)
	}
	for _, path := range records {
		record, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		file, row := filepath.Base(path), rows[filepath.Base(path)]
		heading, text, _ := strings.Cut(string(record), "\n")
		number, title, _ := strings.Cut(strings.TrimPrefix(heading, "# "), ". ")
		if want := number + " | [" + title + "](" + file + ") | "; !strings.HasPrefix(row, want) {
			t.Errorf("%s: want a row that begins with %q, got %q", file, want, row)
		}
		superseded := strings.HasPrefix(strings.TrimSpace(text), "Superseded by ")
		if superseded != strings.Contains(row, "| superseded by ") {
			t.Errorf("%s: the record and its row disagree whether it is superseded", file)
		}
	}
}
