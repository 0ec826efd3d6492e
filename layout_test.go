// Package layout tests the layout of the code: which folder may import which, and
// how large a package may be (docs/architecture.md, decision 40). It also tests that the
// index of decisions is whole.
package layout

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// module is the prefix of every import path of the project.
const module = "realname/"

// floors lists the other top folders that the non-test files of a top folder may
// import: the floors below it.
var floors = map[string][]string{
	"api":       {},
	"web":       {},
	"shared":    {"api"},
	"functions": {"api", "shared"},
	"local":     {"api", "web", "shared", "functions"},
	"cmd":       {"api", "web", "shared", "functions", "local"},
	"e2e":       {"api", "web", "shared", "functions", "local"},
	"infra":     {"api", "web", "shared", "functions", "local", "e2e"},
}

// also lists floors that a single folder, with those below it, may import too.
var also = map[string]string{"functions/pages": "web"}

// domain lists the packages that the packages of the domain may import, in addition
// to the standard library without net/http. A name that ends in a slash includes
// all packages below it.
var domain = map[string][]string{
	"shared/realname": {
		"realname/shared/idcode", "realname/shared/mask", "golang.org/x/text/",
	},
	"shared/verification": {
		"realname/shared/idcode", "realname/shared/mask", "golang.org/x/text/",
		"realname/shared/realname", "realname/shared/telemetry/",
	},
	"shared/accounts": {
		"realname/shared/idcode", "realname/shared/mask", "golang.org/x/text/",
		"realname/shared/realname", "realname/shared/telemetry/", "realname/shared/verification",
	},
}

// mostFiles is the maximum number of non-test files of a package in the folders of
// sized. shared/store has one file per item and is exempt.
const mostFiles = 32

var (
	sized     = []string{"shared", "functions", "local"}
	unsized   = []string{"shared/store"}
	skipped   = []string{"node_modules", "testdata"}
	forbidden = "net/http"
)

// pkg is a package's non-test code.
type pkg struct {
	files   int
	imports []string
}

// violations lists the violations of the layout, in order of the packages' folders.
func violations(packages map[string]pkg) []string {
	var found []string
	for _, dir := range slices.Sorted(maps.Keys(packages)) {
		p := packages[dir]
		top, _, _ := strings.Cut(dir, "/")
		if _, known := floors[top]; !known {
			found = append(found, fmt.Sprintf("%s: %s has no floor: add it to floors", dir, top))
		}
		if p.files > mostFiles && slices.Contains(sized, top) && !slices.Contains(unsized, dir) {
			found = append(found, fmt.Sprintf("%s: want at most %d files, got %d: split it", dir, mostFiles, p.files))
		}
		for _, i := range p.imports {
			if !floorAllows(top, i) && !alsoAllows(dir, i) {
				found = append(found, fmt.Sprintf("%s imports %s, which is not on a floor below", dir, i))
			}
			if allowed, ruled := domain[dir]; ruled && !domainAllows(allowed, i) {
				found = append(found, fmt.Sprintf("%s imports %s, which the domain must not import", dir, i))
			}
		}
	}
	for _, dir := range slices.Sorted(maps.Keys(domain)) {
		if packages[dir].files == 0 {
			found = append(found, dir+": the package does not exist: correct domain")
		}
	}
	return found
}

// floorAllows reports whether code of the top folder may import the package.
func floorAllows(top, imported string) bool {
	inside, ours := strings.CutPrefix(imported, module)
	if !ours {
		return true
	}
	below, _, _ := strings.Cut(inside, "/")
	return below == top || slices.Contains(floors[top], below)
}

// alsoAllows reports whether the folder itself may import the package.
func alsoAllows(dir, imported string) bool {
	return slices.ContainsFunc(slices.Collect(maps.Keys(also)), func(folder string) bool {
		return (dir == folder || strings.HasPrefix(dir, folder+"/")) && imported == module+also[folder]
	})
}

// domainAllows reports whether a package of the domain may import the package.
func domainAllows(allowed []string, imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	if standard := first+"/" != module && !strings.Contains(first, "."); standard {
		return imported != forbidden && !strings.HasPrefix(imported, forbidden+"/")
	}
	return slices.ContainsFunc(allowed, func(a string) bool {
		return imported == a || strings.HasSuffix(a, "/") && strings.HasPrefix(imported, a)
	})
}

// read returns the packages below a folder. It reads every file, regardless of
// build constraints.
func read(root string) (map[string]pkg, error) {
	packages := map[string]pkg{}
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && file != root && (strings.HasPrefix(d.Name(), ".") || slices.Contains(skipped, d.Name())):
			return fs.SkipDir
		case d.IsDir(), !strings.HasSuffix(file, ".go"), strings.HasSuffix(file, "_test.go"):
			return nil
		}
		source, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		dir := path.Dir(filepath.ToSlash(rel))
		p := packages[dir]
		p.files++
		for _, spec := range source.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if !slices.Contains(p.imports, name) {
				p.imports = append(p.imports, name)
			}
		}
		packages[dir] = p
		return nil
	})
	return packages, err
}

func TestTheCodeKeepsItsLayout(t *testing.T) {
	packages, err := read(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range violations(packages) {
		t.Error(v)
	}
}

// Each rule refuses its violations and nothing else.
func TestTheLayoutRefuses(t *testing.T) {
	for name, tc := range map[string]struct {
		dir     string
		files   int
		imports string
		want    string // part of the only violation; "" for none
	}{
		"shared may use the contract":   {"shared/httpapi", 1, "realname/api", ""},
		"local may use functions":       {"local/server", 1, "realname/functions/login", ""},
		"the store may be large":        {"shared/store", 60, "", ""},
		"a command may be large":        {"cmd/realname", 60, "", ""},
		"a package of the size limit":   {"local/server", mostFiles, "", ""},
		"accounts may use verification": {"shared/accounts", 1, "realname/shared/verification", ""},
		"verification may count":        {"shared/verification", 1, "realname/shared/telemetry/metric", ""},
		"realname may normalize text":   {"shared/realname", 1, "golang.org/x/text/unicode/norm", ""},
		"too many files":                {"shared/httpapi", mostFiles + 1, "", "split"},
		"too many files in local":       {"local/server", mostFiles + 1, "", "split"},
		"too many files in a function":  {"functions/login", mostFiles + 1, "", "split"},
		"shared imports functions":      {"shared/wiring", 1, "realname/functions/login", "not on a floor below"},
		"shared imports local":          {"shared/wiring", 1, "realname/local/data", "not on a floor below"},
		"shared imports e2e":            {"shared/wiring", 1, "realname/e2e/world", "not on a floor below"},
		"a function imports local":      {"functions/login", 1, "realname/local/data", "not on a floor below"},
		"a function imports the pages":  {"functions/login", 1, "realname/web", "not on a floor below"},
		"local imports infra":           {"local/engine", 1, "realname/infra/stack", "not on a floor below"},
		"local imports a command":       {"local/engine", 1, "realname/cmd/realname/report", "not on a floor below"},
		"a command imports infra":       {"cmd/realname", 1, "realname/infra/stack", "not on a floor below"},
		"a folder without a floor":      {"tools/x", 1, "", "no floor"},
		"realname imports verification": {"shared/realname", 1, "realname/shared/verification", "must not import"},
		"realname imports telemetry":    {"shared/realname", 1, "realname/shared/telemetry/metric", "must not import"},
		"realname imports a module":     {"shared/realname", 1, "github.com/google/uuid", "must not import"},
		"verification imports accounts": {"shared/verification", 1, "realname/shared/accounts", "must not import"},
		"verification imports a provider": {
			"shared/verification", 1, "realname/shared/provider/tencent", "must not import",
		},
		"verification imports HTTP":         {"shared/verification", 1, "net/http", "must not import"},
		"verification imports part of HTTP": {"shared/verification", 1, "net/http/httptest", "must not import"},
		"accounts import the AWS SDK": {
			"shared/accounts", 1, "github.com/aws/aws-sdk-go-v2/service/ses", "must not import",
		},
		"accounts import the store":              {"shared/accounts", 1, "realname/shared/store", "must not import"},
		"accounts import the adapter of the API": {"shared/accounts", 1, "realname/shared/httpapi", "must not import"},
		"a package named like an allowed one":    {"shared/realname", 1, "realname/shared/maskings", "must not import"},
	} {
		t.Run(name, func(t *testing.T) {
			packages := map[string]pkg{}
			for dir := range domain {
				packages[dir] = pkg{files: 1}
			}
			packages[tc.dir] = pkg{files: tc.files, imports: strings.Fields(tc.imports)}
			got := violations(packages)
			switch {
			case tc.want == "" && len(got) > 0:
				t.Errorf("got %q, want none", got)
			case tc.want != "" && (len(got) != 1 || !strings.Contains(got[0], tc.want)):
				t.Errorf("got %q, want one with %q", got, tc.want)
			}
		})
	}
}

func TestTheLayoutNoticesAMissingPackage(t *testing.T) {
	if got := violations(nil); len(got) != len(domain) {
		t.Errorf("got %q", got)
	}
}
