package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"testing"
)

// operated returns a service that the command line can reach: one of the test's
// own, or the stage that the environment variables name.
func operated(t *testing.T, flags ...string) *place {
	t.Helper()
	if !shared.embedded && os.Getenv("REALNAME_TABLE") != "" {
		return shared
	}
	return only(t, flags...)
}

// commandLine runs realname on the service. It returns the output and whether
// the command succeeded.
func (p *place) commandLine(t testing.TB, args ...string) (string, bool) {
	t.Helper()
	out, trouble, ok := p.program(t, args...)
	return out + trouble, ok
}

// program is commandLine with standard output and standard error separate.
func (p *place) program(t testing.TB, args ...string) (stdout, stderr string, ok bool) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), binary, args...)
	cmd.Env = append(os.Environ(), "REALNAME_URL="+p.URL, "REALNAME_OPERATOR=night shift")
	if !p.embedded {
		cmd.Env = append(cmd.Env, "REALNAME_URL=") // the variables of a stage on AWS name the stage
	}
	var out, trouble bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &trouble
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out.String(), trouble.String(), err == nil
}

// says runs a command that must succeed.
func (p *place) says(t testing.TB, args ...string) string {
	t.Helper()
	out, ok := p.commandLine(t, args...)
	if !ok {
		t.Fatalf("realname %v: %s", args, out)
	}
	return out
}

func says[T any](t testing.TB, p *place, args ...string) (value T) {
	t.Helper()
	out, trouble, ok := p.program(t, append(args, "--json")...)
	if err := json.Unmarshal([]byte(out), &value); err != nil || !ok {
		t.Fatalf("realname %v: %v\n%s%s", args, err, out, trouble)
	}
	return value
}
