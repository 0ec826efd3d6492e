package scripts

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
)

var target = regexp.MustCompile(`(?m)^func (Fuzz\w+)\(`)

// docs/testing.md lists what is fuzzed, and `make fuzz` runs it.
func TestEachFuzzTargetIsDocumented(t *testing.T) {
	guide, err := os.ReadFile("../docs/testing.md")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	root := os.DirFS("..")
	err = fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || name != "." && strings.HasPrefix(d.Name(), ".")):
			return fs.SkipDir
		case !strings.HasSuffix(name, "_test.go"):
			return nil
		}
		source, err := fs.ReadFile(root, name)
		for _, m := range target.FindAllSubmatch(source, -1) {
			found++
			// The targets of a package stand before its folder.
			row := "`" + string(m[1]) + "`[^()\n]*\\([^)\n]*`" + regexp.QuoteMeta(path.Dir(name)) + "`"
			if !regexp.MustCompile(row).Match(guide) {
				t.Errorf("docs/testing.md does not name %s (%s)", m[1], path.Dir(name))
			}
		}
		return err
	})
	if err != nil || found < 30 {
		t.Errorf("%d targets, %v", found, err)
	}
}
