package state_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"realname/local/state"
)

func open(t *testing.T, path string, form state.Form) *state.Dir {
	t.Helper()
	d, err := state.Open(path, form, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestADirectoryKeepsItsForm(t *testing.T) {
	for recorded, other := range map[state.Form]state.Form{
		state.Production: state.Demonstration, state.Demonstration: state.Production,
	} {
		path := filepath.Join(t.TempDir(), "state")
		open(t, path, recorded)
		open(t, path, recorded)
		var refused *state.FormError
		if _, err := state.Open(path, other, time.Now()); !errors.As(err, &refused) {
			t.Errorf("a %s directory opened as %s: %v", recorded, other, err)
		}
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("mode of the directory: %v %v", info.Mode(), err)
		}
	}
}

// An interrupted first start leaves a part of the accounts behind.
func TestAnInterruptedLoadIsRemembered(t *testing.T) {
	path := t.TempDir()
	d := open(t, path, state.Demonstration)
	if !d.Loading() || !open(t, path, state.Demonstration).Loading() {
		t.Error("a new demonstration has nothing loaded")
	}
	if err := d.Loaded(); err != nil {
		t.Fatal(err)
	}
	if d.Loading() || open(t, path, state.Demonstration).Loading() {
		t.Error("a loaded demonstration loads again")
	}
	if open(t, t.TempDir(), state.Production).Loading() {
		t.Error("the production form has nothing to load")
	}
}

// A table without a record of its form could be either: a guess would publish a
// production's data, or delete it.
func TestATableWithoutAFormIsRefused(t *testing.T) {
	path := t.TempDir()
	if err := os.WriteFile(filepath.Join(path, state.DatabaseFile), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, form := range []state.Form{state.Demonstration, state.Production} {
		var refused *state.FormError
		if _, err := state.Open(path, form, time.Now()); !errors.As(err, &refused) {
			t.Errorf("%s: %v", form, err)
		}
	}
}

func TestAClockBehindTheLastWriteIsNamed(t *testing.T) {
	path := t.TempDir()
	d := open(t, path, state.Production)
	if err := os.WriteFile(d.Database(), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for behind, refused := range map[time.Duration]bool{0: false, 4 * time.Minute: false, 6 * time.Minute: true} {
		again, err := state.Open(path, state.Production, time.Now().Add(-behind))
		var wrong *state.ClockError
		if errors.As(err, &wrong) != refused || again == nil {
			t.Errorf("%v behind: %v", behind, err)
		}
	}
	right := time.Now().Add(-time.Hour) // who accepts it once is not asked again
	if err := d.AcceptClock(right); err != nil {
		t.Fatal(err)
	}
	if _, err := state.Open(path, state.Production, right); err != nil {
		t.Errorf("after it was accepted: %v", err)
	}
}

// A key file that only its owner reads is of no use if everyone may put another there.
func TestADirectoryThatEveryoneMayWriteIsRefused(t *testing.T) {
	path := t.TempDir()
	for mode, refused := range map[os.FileMode]bool{
		0o700: false, 0o755: false, 0o777: true, 0o702: true, 0o777 | os.ModeSticky: false,
	} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		_, err := state.Open(path, state.Production, time.Now())
		if (err != nil) != refused || refused && !strings.Contains(err.Error(), "chmod 700 '"+path+"'") {
			t.Errorf("%v: %v", mode, err)
		}
	}
}

// After a move, the machine and the stage must not both serve.
func TestAMovedDirectoryIsNotServed(t *testing.T) {
	path := t.TempDir()
	d := open(t, path, state.Production)
	first, err := d.MoveID(func() string { return "first" })
	if err != nil || first != "first" {
		t.Fatal(first, err)
	}
	again, err := open(t, path, state.Production).MoveID(func() string { return "second" })
	if again != "first" || err != nil {
		t.Errorf("a resumed move is %s: %v", again, err)
	}
	if err := d.Moved("stage prod"); err != nil {
		t.Fatal(err)
	}
	_, err = state.Open(path, state.Production, time.Now())
	if err == nil || !strings.Contains(err.Error(), "stage prod") {
		t.Errorf("%v", err)
	}
	marks := []string{filepath.Join(path, "moved"), filepath.Join(path, "moving")}
	for _, mark := range marks {
		if err := os.Remove(mark); err != nil {
			t.Fatal(err)
		}
	}
	d = open(t, path, state.Production)
	for _, mark := range marks { // a mark that cannot be read counts
		if err := os.Mkdir(mark, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := state.Open(path, state.Production, time.Now()); err == nil {
		t.Error("a directory with an unreadable mark is served")
	}
	if id, err := d.MoveID(func() string { return "third" }); err == nil {
		t.Errorf("an unreadable move became %s", id)
	}
}

// A command of root, such as a move with its credentials, leaves files that the
// service can read.
func TestRootsFilesBelongToTheService(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root")
	}
	path := t.TempDir()
	d := open(t, path, state.Production)
	if err := os.Chown(path, 65532, 65532); err != nil {
		t.Fatal(err)
	}
	if err := d.Moved("stage prod"); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(path, "moved"))
	if err != nil {
		t.Fatal(err)
	}
	if s, ok := info.Sys().(*syscall.Stat_t); !ok || s.Uid != 65532 || s.Gid != 65532 {
		t.Errorf("belongs to %d:%d", s.Uid, s.Gid)
	}
}

// A directory may have a name that is a pattern, beside others that fit it.
func TestOnlyTheDirectoryItselfIsClearedAndSwept(t *testing.T) {
	parent := t.TempDir()
	dirs := []string{"s*", "s[1]", "s1", "sx"}
	for _, name := range dirs {
		d := open(t, filepath.Join(parent, name), state.Demonstration)
		for _, file := range []string{"realname.db", "realname.db-wal", ".staging-1/realname.db"} {
			at := filepath.Join(d.Path, file)
			if err := errors.Join(os.MkdirAll(filepath.Dir(at), 0o700), os.WriteFile(at, []byte("x"), 0o600)); err != nil {
				t.Fatal(err)
			}
		}
	}
	left := func() (files [4]int) {
		for i, name := range dirs {
			found, err := os.ReadDir(filepath.Join(parent, name))
			if err != nil {
				t.Fatal(err)
			}
			files[i] = len(found)
		}
		return files
	}
	all := left()[0]
	d := state.Dir{Path: filepath.Join(parent, "s*")}
	if err := d.Sweep(); err != nil || left() != [4]int{all - 1, all, all, all} {
		t.Errorf("swept: %v %v of %d", err, left(), all)
	}
	for i, name := range dirs[:2] {
		err := state.Clear(filepath.Join(parent, name))
		if now := left(); err != nil || now[i] != 0 || now[2] != all || now[3] != all {
			t.Errorf("%s cleared: %v %v of %d", name, err, now, all)
		}
	}
}
