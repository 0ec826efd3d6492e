package e2e

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"realname/e2e/world"
	"realname/local/remote"
	"realname/local/state"
)

// restoring runs realname restore and returns its output and whether it succeeded.
func restoring(t *testing.T, dir string, args ...string) (string, bool) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), binary, append([]string{"restore", "--state", dir}, args...)...).
		CombinedOutput()
	return string(out), err == nil
}

func TestARestoreBringsBackTheMomentOfTheBackup(t *testing.T) {
	dir, files := filepath.Join(t.TempDir(), "state"), t.TempDir()
	p := keeping(t, few, dir, "--data", few.dir, "--repair-every", "200ms", "--card", "127.0.0.1:0")
	c := p.clerkOf(t, world.Pass)
	s := c.begin()
	c.passes(s.Id, "enterprise", c.enterprise())
	without, with := filepath.Join(files, "without"), filepath.Join(files, "with")
	out := onMachine(t, dir, "backup", without)
	if !strings.Contains(out, "does not hold the key file "+dir+"/keys.json") {
		t.Error(out)
	}
	var m struct{ Keys bool }
	keys := filepath.Join(dir, "keys.json")
	if err := os.Rename(keys, keys+".lost"); err != nil { // the running service still has the keys
		t.Fatal(err)
	}
	out = onMachine(t, dir, "backup", with, "--with-keys", "--json")
	if err := os.Rename(keys+".lost", keys); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(out), &m); err != nil || !m.Keys {
		t.Errorf("%+v %v", m, err)
	}
	info, err := os.Stat(with)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v %v", info.Mode(), err)
	}
	if a := c.delete("/v1/sessions/" + s.Id); a.Status != 200 {
		t.Fatalf("cancel: %d %s", a.Status, a.Body)
	}
	if out, ok := restoring(t, dir, without); ok || !strings.Contains(out, "stop the service first") {
		t.Error(out)
	}
	p.process.kill()
	if out, ok := restoring(t, dir, without); !ok || !strings.Contains(out, "trails are whole") {
		t.Fatal(out)
	}
	p.killed(t)
	c.becomes(s.Id, "requires_input")

	p.process.kill()
	elsewhere := filepath.Join(files, "elsewhere")
	if out, ok := restoring(t, elsewhere, without); ok || !strings.Contains(out, "name it with --keys") {
		t.Error(out)
	}
	if out, ok := restoring(t, elsewhere, without, "--keys", filepath.Join(dir, "keys.json")); !ok {
		t.Error(out)
	}
	again := filepath.Join(files, "again")
	if out, ok := restoring(t, again, with); !ok {
		t.Error(out)
	}
	moved := keepingOn(t, few, elsewhere, "--data", few.dir, "--repair-every", "200ms", "--card", "127.0.0.1:0")
	moved.login(t, c.who).becomes(s.Id, "requires_input")
	onMachine(t, elsewhere, "backup", filepath.Join(files, "moved"))
}

func TestABackupThatIsNotSoundReplacesNothing(t *testing.T) {
	dir, files := filepath.Join(t.TempDir(), "state"), t.TempDir()
	p := keeping(t, few, dir, "--data", few.dir, "--repair-every", "200ms", "--card", "127.0.0.1:0")
	c := p.clerkOf(t, world.Pass)
	s := c.begin()
	c.allThree(s.Id)
	c.becomes(s.Id, "verified")
	file := func(name string) string { return filepath.Join(files, name) }
	onMachine(t, dir, "backup", file("sound"), "--with-keys")

	running := remote.At(state.SocketOf(dir)).Table() // someone changes an entry of the trail
	editTrail(t, running, c.who.USCC, func(body map[string]any) {
		body["entries"].([]any)[0].(map[string]any)["action"] = "nothing_happened"
	})
	onMachine(t, dir, "backup", file("tampered"), "--with-keys")
	p.process.kill()

	sound, err := os.ReadFile(file("sound"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file("cut"), sound[:len(sound)-5000], 0o600); err != nil {
		t.Fatal(err)
	}
	index := bytes.Index(sound, []byte(`"index":"`)) + len(`"index":"`) // a key that opens nothing
	damaged := bytes.Clone(sound)
	if damaged[index] = 'A'; bytes.Equal(damaged, sound) {
		damaged[index] = 'B'
	}
	if err := os.WriteFile(file("damaged"), damaged, 0o600); err != nil {
		t.Fatal(err)
	}
	onMachineStopped := filepath.Join(t.TempDir(), "other")
	other := keepingOn(t, few, onMachineStopped)
	onMachine(t, onMachineStopped, "backup", file("foreign"))
	other.process.kill()
	before, err := os.ReadFile(filepath.Join(dir, "keys.json"))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"tampered": "at least one audit trail is not whole", "cut": "cut off", "foreign": "belongs to the form",
		"damaged": "its key file is damaged",
	} {
		if out, ok := restoring(t, dir, file(name)); ok || !strings.Contains(out, want) {
			t.Errorf("%s: %s", name, out)
		}
	}
	onMachine(t, dir, "backup", file("keyless")) // of the stopped service
	if out, ok := restoring(t, filepath.Join(files, "x"), file("keyless"), "--keys",
		filepath.Join(onMachineStopped, "keys.json")); ok || !strings.Contains(out, "the key file lacks a key") {
		t.Error(out)
	}
	after, err := os.ReadFile(filepath.Join(dir, "keys.json"))
	if err != nil || string(after) != string(before) {
		t.Errorf("the keys changed: %v", err)
	}
	p.killed(t)
	c.becomes(s.Id, "verified")
	if left, err := filepath.Glob(filepath.Join(dir, ".staging-*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}
