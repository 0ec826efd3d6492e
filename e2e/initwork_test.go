package e2e

import (
	"bytes"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"testing"
)

// The allocations before main of a function, all packages together, and of one package.
// A bare handler has 276. Linking the AWS SDK's clients, or one regular expression in a
// package variable, exceeds a limit.
const (
	mostBefore    = 550
	mostOfPackage = 100
)

// mostBytes is the limit of a function's binary, which Lambda loads at each cold start.
const mostBytes = 12_000_000

var initialized = regexp.MustCompile(`(?m)^init (\S+) @.* (\d+) allocs$`)

// What a function does before main delays each of its cold starts, needed or not
// (docs/decisions/0067-functions-call-aws-without-the-sdks-clients.md). These functions link most.
func TestLittleHappensBeforeMain(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"account-card", "account-holder", "bank-redirect", "credentials", "reset-messages"} {
		binary := buildFunction(t, dir, "../functions/"+name+"/bootstrap", forLambda...)
		info, err := os.Stat(binary)
		if err != nil {
			t.Fatal(err)
		}
		if info.Size() > mostBytes {
			t.Errorf("%s has %d bytes, most %d", name, info.Size(), mostBytes)
		}
		cmd := exec.Command(binary) // without its settings, it ends
		cmd.Env = []string{"GODEBUG=inittrace=1"}
		var report bytes.Buffer
		cmd.Stderr = &report
		_ = cmd.Run() // its settings are missing
		packages, all := initialized.FindAllStringSubmatch(report.String(), -1), 0
		if len(packages) < 50 {
			t.Fatalf("%s: %s", name, report.String())
		}
		for _, p := range packages {
			n, err := strconv.Atoi(p[2])
			if err != nil {
				t.Fatal(err)
			}
			if all += n; n > mostOfPackage {
				t.Errorf("%s: %s allocates %d times before main, most %d", name, p[1], n, mostOfPackage)
			}
		}
		t.Logf("%s: %d allocations in %d packages", name, all, len(packages))
		if all > mostBefore {
			t.Errorf("%s allocates %d times before main, most %d", name, all, mostBefore)
		}
	}
}
