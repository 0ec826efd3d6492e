package e2e

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"realname/e2e/world"
)

// TestMakeAFormerMachine makes the folder that REALNAME_FORMER names, with the machine
// that the program REALNAME_BIN leaves (docs/testing.md).
func TestMakeAFormerMachine(t *testing.T) {
	folder := os.Getenv("REALNAME_FORMER")
	if folder == "" || !shared.embedded {
		t.Skip("makes a fixture of a release")
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	version, err := exec.CommandContext(t.Context(), binary, "version").Output()
	if err != nil {
		t.Fatal(err)
	}
	of, err := newCrowd(filepath.Join(t.TempDir(), "data"), world.Passing(len(formerCases)+1))
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "state")
	flags := []string{
		"--data", of.dir, "--card", "127.0.0.1:0", "--sms-interval", "0s", "--repair-every", "30s", "--notify-every", "1h",
		"--notify-first", "1s", // repair and notices find no time
	}
	left := formerNotes{Version: strings.TrimSpace(string(version)), Notes: map[string]formerNote{}}
	// The first start closes what nobody answers. The second one has the usual times.
	p := keepingOn(t, of, dir, append(flags, "--step-timeout", "2s")...)
	for _, x := range formerCases {
		if x.hasty {
			left.Notes[x.name] = makes(t, p, x)
		}
	}
	p.ends(t)
	taken := p.taken
	p = keepingOn(t, of, dir, flags...)
	p.taken = taken
	for _, x := range formerCases {
		if !x.hasty {
			left.Notes[x.name] = makes(t, p, x)
		}
	}
	p.ends(t)
	left.At = time.Now().UTC().Truncate(time.Second)
	raw, err := json.MarshalIndent(left, "", "  ")
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, "notes.json"), append(raw, '\n'), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	pack(t, filepath.Join(folder, "machine.tar.gz"), map[string]string{"state": dir, "data": of.dir})
}

func makes(t *testing.T, p *place, x formerCaseOf) (note formerNote) {
	t.Helper()
	t.Run(x.name, func(t *testing.T) {
		c := p.clerkOf(t, world.Pass)
		m := formerCase{clerk: c, facts: map[string]string{}, now: time.Now}
		note.Session = x.make(m)
		note.Who, note.Token, note.Facts = c.who, c.token, m.facts
	})
	return note
}

// ends stops the service, which writes everything into its files.
func (p *place) ends(t *testing.T) {
	t.Helper()
	if err := p.process.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.process.cmd.Wait(); err != nil {
		t.Fatal(err)
	}
}
