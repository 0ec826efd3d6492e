package httpapi

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// halfWidth matches half-width punctuation before or after a Chinese character,
// where a Chinese sentence has full-width punctuation (GB/T 15834).
var halfWidth = regexp.MustCompile(`\p{Han}[,:;!?()]|[,:;!?()]\p{Han}`)

// inParentheses matches a Chinese term in parentheses in an English sentence.
var inParentheses = regexp.MustCompile(`\([^()]*\)`)

func TestChineseStringsHaveFullWidthPunctuation(t *testing.T) {
	others := map[string]string{
		"[读卡器底层库]复位读卡器失败:错误码:50070": "the words of the real E-Port control, which the sandbox repeats",
	}
	found := 0
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if entry.Name() == "node_modules" || entry.Name() == ".git" {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		for _, s := range stringsOf(t, path) {
			if !isChinese(inParentheses.ReplaceAllString(s, "")) {
				continue
			}
			found++
			if at := halfWidth.FindString(s); at != "" && others[s] == "" {
				t.Errorf("%s: %q has %q", path, s, at)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found < 300 {
		t.Errorf("there are only %d Chinese strings", found)
	}
}

func isChinese(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) }) >= 0
}

// stringsOf returns the string literals of a Go file, without comments. Literals
// joined by + over several lines are one string.
func stringsOf(t *testing.T, path string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	ast.Inspect(file, func(n ast.Node) bool {
		e, ok := n.(ast.Expr)
		if !ok {
			return true
		}
		s, ok := literal(t, e)
		if ok {
			found = append(found, s)
		}
		return !ok
	})
	return found
}

// literal returns the text of a string literal, or of literals joined by +.
func literal(t *testing.T, e ast.Expr) (text string, ok bool) {
	t.Helper()
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind != token.STRING {
			return "", false
		}
		s, err := strconv.Unquote(e.Value)
		if err != nil {
			t.Fatalf("%s: %v", e.Value, err)
		}
		return s, true
	case *ast.BinaryExpr:
		if e.Op != token.ADD {
			return "", false
		}
		left, leftOK := literal(t, e.X)
		right, rightOK := literal(t, e.Y)
		return left + right, leftOK && rightOK
	}
	return "", false
}
