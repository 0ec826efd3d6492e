package main

import (
	"errors"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"

	"realname/local/remote"
)

// A production form holds the passwords of real persons.
func TestOnlyADemonstrationHashesCheaply(t *testing.T) {
	of := func(form string) connection {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "form"), []byte(form+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		return connection{State: dir}
	}
	for name, tt := range map[string]struct {
		at   connection
		cost string
	}{
		"production": {of("production"), "m=19456,t=2"}, "an unknown form": {of(""), "m=19456,t=2"},
		"a kept demonstration":   {of("demonstration"), "m=1024,t=1"},
		"one that still loads":   {of("demonstration loading"), "m=1024,t=1"},
		"a demonstration by URL": {connection{URL: "http://127.0.0.1:1"}, "m=1024,t=1"},
	} {
		s, err := tt.at.open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if hash, err := s.hasher().Hash("Correct-horse-7"); err != nil || !strings.Contains(hash, tt.cost+",p=1$") {
			t.Errorf("%s: %s %v", name, hash, err)
		}
	}
}

func TestAnImportWhoseReportsCannotBeWrittenDoesNotBegin(t *testing.T) {
	dir := t.TempDir()
	c := &importing{File: filepath.Join(dir, "accounts.csv")}
	if err := c.mayReport(); err != nil {
		t.Error(err)
	}
	c.Codes = filepath.Join(dir, "none", "codes.csv")
	if err := c.mayReport(); err == nil || !strings.Contains(err.Error(), "--codes") {
		t.Errorf("%v", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// Without a service, an import does not wait as for one that fails for a moment.
func TestAnImportNeedsARunningService(t *testing.T) {
	dir := t.TempDir()
	limit := debug.SetMemoryLimit(-1)
	defer debug.SetMemoryLimit(limit) // which an import lowers
	for want, at := range map[error]connection{
		remote.ErrNotRunning: {State: dir}, remote.ErrNoService: {URL: "http://127.0.0.1:1"},
	} {
		c := &importing{connection: at, File: filepath.Join(dir, "accounts.csv")}
		if err := c.Run(t.Context()); !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
}
