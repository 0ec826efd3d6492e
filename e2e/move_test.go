package e2e

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"realname/e2e/world"
)

// A machine moves to the newly deployed stage that REALNAME_URL and the variables of the
// command line name. The stage must be empty but for its keysets, so the test runs only if
// REALNAME_MOVE is set, before all others (infra/emulator).
func TestAMachineMovesToADeployedStage(t *testing.T) {
	if os.Getenv("REALNAME_MOVE") == "" {
		t.Skip("needs an empty stage")
	}
	dir := t.TempDir()
	of := crowdFor(t, world.Few(fewOfAKind))
	state := filepath.Join(dir, "state")
	machine := startKept(t, of, &process{args: []string{"serve", "--state", state}})
	onMachine(t, state, "import", filepath.Join(of.dir, "accounts.csv"))
	underway, waiting := machine.clerkOf(t, world.Pass), machine.clerkOf(t, world.Pass)
	done := machine.clerkOf(t, world.Pass)
	done.verify()
	second, first := underway.begin(), waiting.begin()
	underway.passes(second.Id, "enterprise", underway.enterprise())
	head := onMachine(t, state, "audit", "verify", "--json")

	killed := 0
	for after := 100 * time.Millisecond; ; after += 100 * time.Millisecond {
		machine.process.kill() // a stopped machine moves
		out, ended := moveFor(t, state, after)
		if ended {
			if !strings.Contains(out, "Moved") || !strings.Contains(out, "2 sessions under way") {
				t.Fatal(out)
			}
			break
		}
		killed++
		if _, err := machine.process.start(strings.TrimPrefix(machine.URL, "http://")); err != nil {
			t.Fatalf("a failed move left the machine unusable: %v", err)
		}
		if s := underway.get("/v1/sessions/" + second.Id).session(underway); s.Status != "requires_input" {
			t.Fatalf("after a failed move, the session is %s", s.Status)
		}
	}
	if killed < 3 {
		t.Errorf("the move was killed %d times", killed)
	}
	if text := refusesToStart(t, "--state", state); !strings.Contains(text, "moved") {
		t.Errorf("a moved machine: %s", text)
	}

	there := &place{URL: shared.URL, people: of.people, log: &safeBuffer{}}
	there.login(t, done.who).bothAspectsPassed()
	for _, c := range []struct {
		who     world.Enterprise
		session string
		steps   func(*clerk)
	}{
		{underway.who, second.Id, func(*clerk) {}},
		{waiting.who, first.Id, func(c *clerk) { c.passes(first.Id, "enterprise", c.enterprise()) }},
	} {
		c2 := there.login(t, c.who)
		c.steps(c2)
		c2.passes(c.session, "legal-representative", c2.legalRepresentative())
		c2.passes(c.session, "account-holder", c2.accountHolder())
		c2.becomesWithin(2*time.Minute, c.session, "verified")
		c2.bothAspectsPassed()
	}
	earlier := filepath.Join(dir, "audit.json")
	if err := os.WriteFile(earlier, []byte(head), 0o600); err != nil {
		t.Fatal(err)
	}
	there.says(t, "audit", "verify", "--against", earlier)
}

// moveFor moves the machine, and kills the command if it still runs after the time.
func moveFor(t *testing.T, state string, most time.Duration) (out string, ended bool) {
	t.Helper()
	cmd := exec.Command(binary, "move", "--to-stage", "--state", state)
	var text bytes.Buffer
	cmd.Stdout, cmd.Stderr = &text, &text
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(most, func() { _ = cmd.Process.Kill() }) // it may have ended
	err := cmd.Wait()
	timer.Stop()
	var exit *exec.ExitError
	if err == nil || errors.As(err, &exit) && exit.Exited() {
		if err != nil {
			t.Fatalf("%v\n%s", err, text.String())
		}
		return text.String(), true
	}
	return text.String(), false
}
