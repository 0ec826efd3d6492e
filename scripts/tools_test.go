// Package scripts tests the scripts of its folder.
package scripts

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// machine is a folder with the commands of a simulated PATH.
type machine struct {
	*testing.T
	path string
}

// newMachine returns a machine with the commands of every system, and a user with
// the given ID.
func newMachine(t *testing.T, user string) machine {
	t.Helper()
	m := machine{t, t.TempDir()}
	for _, name := range []string{"sh", "sed", "dirname", "cat", "chmod"} {
		file, err := exec.LookPath(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(file, filepath.Join(m.path, name)); err != nil {
			t.Fatal(err)
		}
	}
	m.has("id", "echo "+user)
	return m
}

// has adds a command to the machine.
func (m machine) has(name, script string) {
	m.Helper()
	if err := os.WriteFile(filepath.Join(m.path, name), []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
		m.Fatal(err)
	}
}

// tools runs the script and returns what it printed, and its exit status.
func (m machine) tools(names ...string) (output string, status int) {
	m.Helper()
	var out bytes.Buffer
	cmd := exec.CommandContext(m.Context(), "./tools", names...)
	cmd.Env, cmd.Stdout, cmd.Stderr = []string{"PATH=" + m.path}, &out, &out
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		m.Fatal(err)
	}
	return out.String(), cmd.ProcessState.ExitCode()
}

// goVersion returns the version of Go in go.mod.
func goVersion(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile(`(?m)^go (.*)$`).FindStringSubmatch(string(text))[1]
}

func TestAUserWhoIsNotRootIsToldTheCommand(t *testing.T) {
	m := newMachine(t, "1000")
	m.has("apt-get", "echo apt-get was called")
	m.has("git", "")
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	want := `These tools are missing or too old:
  Go ` + goVersion(t) + ` or newer
  Node 20.19 or newer, with npm
Install them with:
  sudo ` + folder + `/tools go node
`
	if got, status := m.tools("go", "git", "node"); status != 1 || got != want {
		t.Errorf("status %d, want 1, and\n%s\nwant\n%s", status, got, want)
	}
}

func TestASystemWithoutAptIsToldWhatIsMissing(t *testing.T) {
	for _, user := range []string{"0", "1000"} {
		m := newMachine(t, user)
		got, status := m.tools("openssl")
		if status != 1 || !strings.Contains(got, "  openssl\n") || !strings.Contains(got, "your system's package manager") {
			t.Errorf("user %s: status %d and\n%s", user, status, got)
		}
	}
}

func TestAToolThatIsTooOldIsMissing(t *testing.T) {
	m := newMachine(t, "1000")
	m.has("npm", "")
	m.has("go", `[ "$1" != list ]`) // older than go.mod, and cannot switch
	m.has("node", "exit 1")         // the comparison of versions
	got, status := m.tools("go", "node")
	both := strings.Contains(got, "Go "+goVersion(t)+" or newer") && strings.Contains(got, "Node 20.19 or newer")
	if status != 1 || !both {
		t.Errorf("status %d and\n%s", status, got)
	}
}

func TestNothingIsSaidWhenAllToolsAreThere(t *testing.T) {
	m := newMachine(t, "1000")
	for _, name := range []string{"go", "node", "npm", "openssl"} {
		m.has(name, "")
	}
	if got, status := m.tools("go", "node", "openssl"); status != 0 || got != "" {
		t.Errorf("status %d and\n%s", status, got)
	}
}

func TestRootInstallsWhatIsMissing(t *testing.T) {
	m := newMachine(t, "0")
	m.has("apt-get", `[ "$1" = install ] || exit 0
echo "$@"
cd '`+m.path+`' && echo '#!/bin/sh' >openssl && chmod +x openssl`)
	m.has("git", "")
	got, status := m.tools("git", "openssl")
	if status != 0 || got != "install -y --no-install-recommends ca-certificates openssl\n" {
		t.Errorf("status %d and\n%s", status, got)
	}
}

func TestTheScriptKnowsEveryToolOfTheMakefile(t *testing.T) {
	makefile, err := os.ReadFile("../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	lines := regexp.MustCompile(`(?m)^TOOLS-\S+ := (.*)$`).FindAllStringSubmatch(string(makefile), -1)
	if len(lines) == 0 {
		t.Fatal("the Makefile names no tools")
	}
	m := newMachine(t, "1000")
	for _, line := range lines {
		if got, status := m.tools(strings.Fields(line[1])...); status != 1 {
			t.Errorf("%s: status %d and\n%s", line[0], status, got)
		}
	}
	if got, status := m.tools("abacus"); status != 2 || got != "scripts/tools: unknown tool: abacus\n" {
		t.Errorf("an unknown tool: status %d and\n%s", status, got)
	}
}
