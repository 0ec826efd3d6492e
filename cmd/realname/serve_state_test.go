package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"realname/local/state"
	"realname/shared/table/sqlite"
)

// Two first starts at once would each make keys, and one would seal with keys that the
// file does not hold.
func TestOnlyTheProcessThatHasTheDirectoryMakesItsKeys(t *testing.T) {
	dir := t.TempDir()
	lock, err := sqlite.LockDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	c := &serve{State: stateDir(dir)}
	if _, err := c.open(state.Production); !errors.Is(err, sqlite.ErrInUse) {
		t.Errorf("%v, want another process to have the directory", err)
	}
	keys := filepath.Join(dir, "keys.json")
	if _, err := os.Stat(keys); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("keys were made: %v", err)
	}
	if err := lock.Close(); err != nil {
		t.Fatal(err)
	}
	k, err := c.open(state.Production)
	if err != nil || !k.created {
		t.Fatalf("%v %v", k.created, err)
	}
	if err := k.close(); err != nil {
		t.Fatal(err)
	}
}

// A restore has the directory for itself, also one that has no table yet.
func TestARestoreWaitsForNoOne(t *testing.T) {
	dir := t.TempDir()
	lock, err := sqlite.LockDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = lock.Close() }() // the test has ended
	c := &restore{machine: machine{State: dir}, File: "serve.go"}
	if err := c.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "stop the service first") {
		t.Errorf("%v", err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, ".staging-*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestADemonstrationBeginsAgainUnlessItRuns(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "kept")
	c := &serve{State: stateDir(dir), Fresh: true}
	first, err := c.open(state.Demonstration)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.open(state.Demonstration); !errors.Is(err, sqlite.ErrInUse) || first.keys.Stored() != nil {
		t.Errorf("begins again while it runs: %v, keys %v", err, first.keys.Stored())
	}
	if err := errors.Join(first.dir.Moved("nowhere"), first.close()); err != nil {
		t.Fatal(err)
	}
	again, err := c.open(state.Demonstration) // whatever is wrong with the directory
	if err != nil || !again.created || !again.dir.Loading() {
		t.Fatalf("new keys %v: %v", again.created, err)
	}
	if err := again.close(); err != nil {
		t.Fatal(err)
	}
	production := t.TempDir()
	k, err := (&serve{State: stateDir(production)}).open(state.Production)
	if err != nil {
		t.Fatal(err)
	}
	if err := k.close(); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time, nothing names the form
		var other *state.FormError
		if err := (&serve{State: stateDir(production), Fresh: true}).clear(); !errors.As(err, &other) {
			t.Errorf("a production form begins again: %v", err)
		}
		if err := os.RemoveAll(filepath.Join(production, "form")); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(filepath.Join(production, "keys.json")); err != nil {
		t.Error(err)
	}
}

// An empty machine, made from a spelling mistake, must not claim the stage.
func TestADirectoryThatIsNoneIsNotMoved(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "misspelled")
	if err := (&moving{State: dir, ToStage: true}).Run(t.Context()); err == nil ||
		!strings.Contains(err.Error(), "is no state directory") {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("it was made: %v", err)
	}
}
