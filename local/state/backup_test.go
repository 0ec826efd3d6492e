package state_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"realname/local/state"
	"realname/shared/vault"
)

func archived(t *testing.T, keys []byte) []byte {
	t.Helper()
	table := filepath.Join(t.TempDir(), "copy")
	if err := os.WriteFile(table, []byte(strings.Repeat("table", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := state.WriteBackup(&out, state.Manifest{Form: state.Production, At: time.Now()}, table, keys); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestABackupComesBack(t *testing.T) {
	for _, keys := range [][]byte{nil, []byte("keys")} {
		raw, dir := archived(t, keys), t.TempDir()
		m, err := state.ReadBackup(bytes.NewReader(raw), dir)
		if err != nil || m.Form != state.Production || m.Keys != (keys != nil) {
			t.Fatalf("%+v %v", m, err)
		}
		if _, err := state.ReadBackup(bytes.NewReader(raw), ""); err != nil {
			t.Errorf("only checked: %v", err)
		}
		text, err := os.ReadFile(filepath.Join(dir, state.DatabaseFile))
		if err != nil || string(text) != strings.Repeat("table", 1000) {
			t.Errorf("the table: %d bytes, %v", len(text), err)
		}
		text, err = os.ReadFile(filepath.Join(dir, "keys.json"))
		if string(text) != string(keys) || (err == nil) != m.Keys {
			t.Errorf("the keys: %q %v", text, err)
		}
	}
}

func TestADamagedBackupIsRefused(t *testing.T) {
	raw := archived(t, []byte("the keys"))
	for name, damaged := range map[string][]byte{
		"empty":         nil,
		"cut off":       raw[:len(raw)/2],
		"changed table": bytes.Replace(raw, []byte("tabletable"), []byte("tablebread"), 1),
		"changed keys":  bytes.Replace(raw, []byte("the keys"), []byte("the kexs"), 1),
		"other form":    bytes.Replace(raw, []byte(`"production"`), []byte(`"qroduction"`), 1),
		"other version": bytes.Replace(raw, []byte(`"version":1`), []byte(`"version":9`), 1),
		"another file":  []byte(strings.Repeat("no archive ", 100)),
		"renamed entry": bytes.ReplaceAll(raw, []byte("keys.json"), []byte("else.json")),
	} {
		if _, err := state.ReadBackup(bytes.NewReader(damaged), t.TempDir()); !errors.Is(err, state.ErrBackup) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func put(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestARestoreKeepsWhatItReplaces(t *testing.T) {
	path := t.TempDir()
	put(t, path, map[string]string{
		"form": "production\n", "keys.json": "old keys", "keys.known": "old",
		state.DatabaseFile: "old", state.DatabaseFile + "-wal": "old log",
	})
	staging, err := state.Staging(path)
	if err != nil {
		t.Fatal(err)
	}
	put(t, staging, map[string]string{state.DatabaseFile: "new", "keys.json": "new keys"})
	replaced, err := state.Replace(path, staging, state.Production, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{
		filepath.Join(path, state.DatabaseFile): "new", filepath.Join(path, "keys.json"): "new keys",
		filepath.Join(path, "form"):                       "production\n",
		filepath.Join(replaced, state.DatabaseFile):       "old",
		filepath.Join(replaced, "realname.db-wal"):        "old log",
		filepath.Join(replaced, "keys.json"):              "old keys",
		filepath.Join(path, "keys.known"):                 "",
		filepath.Join(replaced, "form"):                   "production\n",
		filepath.Join(path, state.DatabaseFile+"-wal"):    "",
		filepath.Join(path, state.DatabaseFile+"-absent"): "",
	} {
		text, err := os.ReadFile(file)
		if string(text) != want || want != "" && err != nil {
			t.Errorf("%s: %q %v, want %q", file, text, err, want)
		}
	}
}

// Restores of the same second, such as those of a script, do not meet.
func TestEachRestoreKeepsWhatItReplacesInItsOwnDirectory(t *testing.T) {
	path, now := t.TempDir(), time.Now()
	put(t, path, map[string]string{"form": "production\n", state.DatabaseFile: "0"})
	for _, next := range []string{"1", "2", "3"} {
		staging, err := state.Staging(path)
		if err != nil {
			t.Fatal(err)
		}
		put(t, staging, map[string]string{state.DatabaseFile: next})
		if _, err := state.Replace(path, staging, state.Production, now); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := filepath.Glob(filepath.Join(path, "replaced-*", state.DatabaseFile))
	if err != nil || len(kept) != 3 {
		t.Errorf("%q %v", kept, err)
	}
	if _, err := state.Open(path, state.Production, now); err != nil {
		t.Error(err)
	}
}

// Every key counts, also those that open nothing but make indexes.
func TestABackupKnowsItsKeys(t *testing.T) {
	dir, err := state.Open(t.TempDir(), state.Production, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	keys, _, err := dir.Keys()
	if err != nil {
		t.Fatal(err)
	}
	var m state.Manifest
	if m.Needs, err = keys.Digests(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(dir.KeyFile())
	if err != nil {
		t.Fatal(err)
	}
	secrets := regexp.MustCompile(`"(secret|index|activation)":"[^"]`).FindAllIndex(content, -1)
	if err := m.OpenedBy(keys); err != nil || len(secrets) != 5 {
		t.Fatalf("its own keys: %v, %d keys in the file", err, len(secrets))
	}
	for _, at := range secrets {
		damaged := bytes.Clone(content)
		if damaged[at[1]-1] = 'A'; bytes.Equal(damaged, content) {
			damaged[at[1]-1] = 'B'
		}
		k, err := state.ParseKeys(damaged)
		if err != nil {
			t.Fatal(err)
		}
		if err := m.OpenedBy(k); !errors.Is(err, state.ErrKeys) {
			t.Errorf("changed %s: %v", content[at[0]:at[1]], err)
		}
	}
	old := m
	rotated, err := vault.Rotate(keys.Clear())
	if err == nil {
		rotated, err = vault.RotateIndex(rotated, time.Now(), time.Now())
	}
	if err != nil {
		t.Fatal(err)
	}
	former, err := state.ParseKeys(content)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := keys.Replace(keys.Clear(), rotated); err != nil {
		t.Fatal(err)
	}
	if err := old.OpenedBy(keys); err != nil {
		t.Errorf("an earlier backup with later keys: %v", err)
	}
	if m.Needs, err = keys.Digests(); err != nil {
		t.Fatal(err)
	}
	if err := m.OpenedBy(former); !errors.Is(err, state.ErrKeys) {
		t.Errorf("a later backup with earlier keys: %v", err)
	}
}

// After a restore by root, the service could not read its own files.
func TestARestoreIsOfTheDirectorysOwner(t *testing.T) {
	path := t.TempDir()
	for uid, refused := range map[int]bool{os.Geteuid(): false, os.Geteuid() + 1: true} {
		if err := state.OwnedBy(path, uid); (err != nil) != refused {
			t.Errorf("user %d: %v", uid, err)
		}
		if err := state.OwnedBy(filepath.Join(path, "absent"), uid); err != nil {
			t.Errorf("user %d, no directory yet: %v", uid, err)
		}
	}
}

// Without its own keys, a backup leaves the current key file.
func TestARestoreWithoutKeysKeepsTheCurrentOnes(t *testing.T) {
	path := t.TempDir()
	put(t, path, map[string]string{"keys.json": "keys"})
	staging, err := state.Staging(path)
	if err != nil {
		t.Fatal(err)
	}
	put(t, staging, map[string]string{state.DatabaseFile: "new"})
	replaced, err := state.Replace(path, staging, state.Production, time.Now())
	if err != nil || replaced != "" {
		t.Fatalf("%q %v", replaced, err)
	}
	if text, err := os.ReadFile(filepath.Join(path, "keys.json")); string(text) != "keys" {
		t.Errorf("%q %v", text, err)
	}
}

// A start in the middle of a restore would make an empty table.
func TestAnInterruptedRestoreStopsTheStart(t *testing.T) {
	path := t.TempDir()
	put(t, path, map[string]string{"form": "production restoring\n"})
	_, err := state.Open(path, state.Production, time.Now())
	if err == nil || !strings.Contains(err.Error(), "restore again") {
		t.Errorf("%v", err)
	}
	staging := filepath.Join(path, "no staging") // nothing to restore from
	put(t, path, map[string]string{"form": "production\n", state.DatabaseFile: "old"})
	if _, err := state.Replace(path, staging, state.Production, time.Now()); !errors.Is(err, state.ErrBackup) {
		t.Errorf("restored nothing: %v", err)
	}
	if text, err := os.ReadFile(filepath.Join(path, state.DatabaseFile)); string(text) != "old" {
		t.Errorf("the current table: %q %v", text, err)
	}
	if state.FormOf(path) != state.Production || state.FormOf(staging) != "" {
		t.Error("the recorded form is misread")
	}
}

func TestWhatAKilledBackupLeftIsRemoved(t *testing.T) {
	path := t.TempDir()
	d := open(t, path, state.Production)
	staging, err := state.Staging(path)
	if err != nil {
		t.Fatal(err)
	}
	put(t, staging, map[string]string{state.DatabaseFile: "copy"})
	if err := d.Sweep(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(staging); !os.IsNotExist(err) {
		t.Errorf("left behind: %v", err)
	}
	if state.FormOf(path) != state.Production {
		t.Error("the form was removed, too")
	}
}
