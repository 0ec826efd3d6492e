package apart_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"realname/shared/auth/strength"
	"realname/shared/auth/strength/apart"
)

// build builds the program of the credentials function.
func build(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), apart.Name)
	program := exec.Command("go", "build", "-o", file, "realname/functions/credentials/strength")
	if out, err := program.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return file
}

func TestTheProgramRatesLikeTheRule(t *testing.T) {
	file := build(t)
	rule := apart.Rule(func() (string, error) { return file, nil })
	for _, password := range []string{
		"short", "password1", "zhang.wei-2026", "Passw0rd!2026", "correct horse battery staple", "\"quoted\\ and <漢字>\n",
		strings.Repeat("長", 129), "a\u202eb and more", "",
	} {
		got, err := rule(t.Context(), password, []string{"zhang.wei"})
		if want := strength.Rule(password, []string{"zhang.wei"}); err != nil || got != want {
			t.Errorf("%q: %q, %v, want %q", password, got, err, want)
		}
	}
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := rule(stopped, "correct horse", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("the program outlives its request: %v", err)
	}
}

func TestAProgramThatFailsPassesNoPassword(t *testing.T) {
	const secret = "Tr0ub4dor-and-3"
	rate := func(file string, err error) error {
		_, refusal := apart.Rule(func() (string, error) { return file, err })(t.Context(), secret, nil)
		return refusal
	}
	dir := t.TempDir()
	for name, script := range map[string]string{
		"fails":   "#!/bin/sh\ncat >&2\nexit 1\n",
		"babbles": "#!/bin/sh\ncat\necho more\n",
		"is mute": "#!/bin/sh\n",
	} {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
		err := rate(file, nil)
		if err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("a program that %s: %v", name, err)
		}
	}
	missing := errors.New("missing")
	if err := rate("", missing); !errors.Is(err, missing) {
		t.Error(err)
	}
	if rate(filepath.Join(dir, "absent"), nil) == nil {
		t.Error("an absent program accepts every password")
	}
	err := apart.Serve(strings.NewReader(secret), nil, strength.Rule)
	if err == nil || strings.Contains(err.Error(), secret) {
		t.Error(err)
	}
}

func TestTheProgramLiesBesideTheRunningOne(t *testing.T) {
	own, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := apart.Beside(); err != nil || got != filepath.Join(filepath.Dir(own), "strength") {
		t.Errorf("%s, %v", got, err)
	}
}
