package functions

import (
	"os/exec"
	"strings"
	"testing"
)

// A new import or version must not bring in packages that delay every cold start
// or prevent the linker from removing unused code.
func TestFunctionsLinkNothingThatSlowsTheirStart(t *testing.T) {
	out, err := exec.Command("go", "list", "-tags", "lambda.norpc", "-deps", "./.../bootstrap").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, slow := range []struct{ part, why string }{
		{"google.golang.org/protobuf/", "keeps every exported method (docs/decisions/0007)"},
		{"github.com/aws/aws-sdk-go-v2/service/", "prepares at start what no function needs (docs/decisions/0067)"},
		{"github.com/aws/aws-sdk-go-v2/config", "looks at start for what no function has (docs/decisions/0006)"},
		{"text/template", "keeps every exported method"},
		{"klauspost/compress/", "fills tables at start, and compress/gzip is linked anyway (docs/decisions/0067)"},
		{"github.com/getkin/", "is for tests and the embedded default"},
		{"trustelem/zxcvbn", "builds its word lists at start (docs/decisions/0036)"},
		{"modernc.org/", "is for a single machine (docs/decisions/0044)"},
	} {
		for linked := range strings.Lines(string(out)) {
			if strings.Contains(linked, slow.part) {
				t.Errorf("%s is linked: it %s", strings.TrimSpace(linked), slow.why)
			}
		}
	}
}
