package state_test

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"realname/local/state"
	"realname/shared/auth"
	"realname/shared/vault"
)

func keysOf(t *testing.T, d *state.Dir) (k *state.Keys, created bool) {
	t.Helper()
	k, created, err := d.Keys()
	if err != nil {
		t.Fatal(err)
	}
	return k, created
}

func tokenIDs(t *testing.T, k *state.Keys) []string {
	t.Helper()
	ids, err := k.TokenKeys(t.Context(), auth.Person)
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

func TestTheFirstStartMakesTheKeys(t *testing.T) {
	path := t.TempDir()
	d := open(t, path, state.Production)
	first, created := keysOf(t, d)
	if !created {
		t.Error("nothing was created")
	}
	info, err := os.Stat(d.KeyFile())
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode of the key file: %v %v", info.Mode(), err)
	}
	again, created := keysOf(t, open(t, path, state.Production))
	if created || string(again.Clear()) != string(first.Clear()) {
		t.Error("a restart changed the vault's keys")
	}
	if a, b := tokenIDs(t, first), tokenIDs(t, again); strings.Join(a, " ") != strings.Join(b, " ") || a[0] == a[1] {
		t.Errorf("token keys %v, after a restart %v", a, b)
	}
}

func TestAKeyFileThatOthersMayReadIsRefused(t *testing.T) {
	d := open(t, t.TempDir(), state.Production)
	keysOf(t, d)
	for mode, refused := range map[os.FileMode]bool{0o600: false, 0o400: false, 0o640: true, 0o604: true, 0o666: true} {
		if err := os.Chmod(d.KeyFile(), mode); err != nil {
			t.Fatal(err)
		}
		_, _, err := d.Keys()
		var wide *state.ModeError
		if errors.As(err, &wide) != refused {
			t.Errorf("mode %#o: %v", mode, err)
		}
		if refused && !strings.Contains(err.Error(), "chmod 600 '"+d.KeyFile()+"'") {
			t.Errorf("the refusal names no command: %v", err)
		}
	}
}

// New keys for an existing table would make every stored value unreadable, and the
// old ones would be overwritten when they come back.
func TestATableNeverGetsOtherKeys(t *testing.T) {
	d := open(t, t.TempDir(), state.Production)
	keysOf(t, d)
	if err := os.WriteFile(d.Database(), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(d.KeyFile()); err != nil {
		t.Fatal(err)
	}
	var lost *state.LostError
	if _, _, err := d.Keys(); !errors.As(err, &lost) {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(d.KeyFile()); !os.IsNotExist(err) {
		t.Errorf("a key file was made: %v", err)
	}
}

// A copy from the safe may be older than the last rotation, or of another machine.
func TestAKeyFileThatLacksAKeyIsRefused(t *testing.T) {
	path := t.TempDir()
	k, _ := keysOf(t, open(t, path, state.Production))
	foreign, _ := keysOf(t, open(t, t.TempDir(), state.Production))
	older := k.Clear()
	newer, err := vault.RotateIndex(older, time.Now(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.Replace(older, newer); err != nil {
		t.Fatal(err)
	}
	d := open(t, path, state.Production)
	current, err := os.ReadFile(d.KeyFile())
	if err != nil {
		t.Fatal(err)
	}
	var other *state.OtherKeysError
	for name, vaultKeys := range map[string][]byte{"older": older, "foreign": foreign.Clear()} {
		content := bytes.Replace(current, newer, vaultKeys, 1)
		if err := os.WriteFile(d.KeyFile(), content, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := d.Keys(); !errors.As(err, &other) || bytes.Equal(content, current) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := os.WriteFile(d.KeyFile(), current, 0o600); err != nil {
		t.Fatal(err)
	}
	keysOf(t, d)
	if err := errors.Join(os.WriteFile(d.KeyFile(), bytes.Replace(current, newer, older, 1), 0o600),
		os.Remove(other.Known)); err != nil {
		t.Fatal(err)
	}
	keysOf(t, d) // the way out that the refusal names
}

func TestADamagedKeyFileIsRefusedWithoutQuotingIt(t *testing.T) {
	d := open(t, t.TempDir(), state.Production)
	keysOf(t, d)
	whole, err := os.ReadFile(d.KeyFile())
	if err != nil {
		t.Fatal(err)
	}
	for _, content := range []string{
		"", "{}", string(whole[:len(whole)/2]), strings.Replace(string(whole), `"JWT":["`, `"JWT":["AAAA`, 1),
		strings.Replace(string(whole), `"index":"`, `"index":"AAAA`, 1),
	} {
		if err := os.WriteFile(d.KeyFile(), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		_, _, err := d.Keys()
		if err == nil || len(content) > 2 && strings.Contains(err.Error(), content[10:40]) {
			t.Errorf("%.20q…: %v", content, err)
		}
	}
}

func TestReplacedKeysSurviveARestart(t *testing.T) {
	path := t.TempDir()
	k, _ := keysOf(t, open(t, path, state.Production))
	told := 0
	k.OnReplace(func() { told++ })
	old := k.Clear()
	renewed, err := vault.Rotate(old)
	if err != nil {
		t.Fatal(err)
	}
	if replaced, err := k.Replace(old, renewed); !replaced || err != nil {
		t.Fatalf("%v %v", replaced, err)
	}
	if replaced, err := k.Replace(old, renewed); replaced || err != nil {
		t.Errorf("replaced over newer keys: %v %v", replaced, err)
	}
	if replaced, err := k.Replace(renewed, []byte("{}")); replaced || err == nil {
		t.Error("damaged keys were accepted")
	}
	again, _ := keysOf(t, open(t, path, state.Production))
	if string(again.Clear()) != string(renewed) || told != 1 {
		t.Errorf("after a restart: not the replaced keys, or told %d times", told)
	}
}

func TestATokenKeyIsReplacedUnlessItSigns(t *testing.T) {
	path := t.TempDir()
	k, _ := keysOf(t, open(t, path, state.Production))
	before := tokenIDs(t, k)
	for signing, kept := range map[string]int{before[0]: 0, "": 0} {
		id, err := k.RenewToken(auth.Person, signing)
		if err != nil {
			t.Fatal(err)
		}
		after := tokenIDs(t, k)
		if after[kept] != before[kept] || after[1-kept] != id || id == before[1-kept] {
			t.Errorf("%q signs: %v became %v with %s", signing, before, after, id)
		}
	}
	now := tokenIDs(t, k)
	if _, err := k.RenewToken(auth.Person, now[1]); err != nil {
		t.Fatal(err)
	}
	if after := tokenIDs(t, k); after[1] != now[1] || after[0] == now[0] {
		t.Errorf("%v became %v", now, after)
	}
	again, _ := keysOf(t, open(t, path, state.Production))
	if a, b := tokenIDs(t, k), tokenIDs(t, again); strings.Join(a, " ") != strings.Join(b, " ") {
		t.Errorf("%v, after a restart %v", a, b)
	}
}

// A full disk must not lose the keys that are in use.
func TestKeysThatCannotBeStoredAreNotUsed(t *testing.T) {
	d := open(t, t.TempDir(), state.Production)
	k, _ := keysOf(t, d)
	old := k.Clear()
	renewed, err := vault.Rotate(old)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(d.Path); err != nil {
		t.Fatal(err)
	}
	if replaced, err := k.Replace(old, renewed); replaced || err == nil || string(k.Clear()) != string(old) {
		t.Errorf("%v %v", replaced, err)
	}
	ids := tokenIDs(t, k)
	_, err = k.RenewToken(auth.Person, ids[0])
	if err == nil || strings.Join(tokenIDs(t, k), " ") != strings.Join(ids, " ") {
		t.Errorf("%v", err)
	}
}

// A running service finds out before its next start does.
func TestAKeyFileThatChangedUnderneathIsNotStored(t *testing.T) {
	d := open(t, t.TempDir(), state.Production)
	k, _ := keysOf(t, d)
	other, err := state.NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	own, err := k.File()
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := other.File()
	if err != nil {
		t.Fatal(err)
	}
	spaced := bytes.ReplaceAll(own, []byte(`,"tokens"`), []byte(`, "tokens"`))
	for name, tt := range map[string]struct {
		content []byte
		stored  bool
	}{
		"its own": {own, true}, "its own with a space": {spaced, true}, "of another machine": {foreign, false},
		"empty": {nil, false}, "cut off": {own[:len(own)/2], false},
	} {
		if err := os.WriteFile(d.KeyFile(), tt.content, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := k.Stored(); (err == nil) != tt.stored {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := os.Remove(d.KeyFile()); err != nil || k.Stored() == nil {
		t.Errorf("without a file: %v", err)
	}
}
