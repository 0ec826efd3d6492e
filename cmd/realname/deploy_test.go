package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
)

func deployed(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "deploy", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// isProductionForm fails unless the arguments start the production form.
func isProductionForm(t *testing.T, args []string) {
	t.Helper()
	var c commands
	parser, err := kong.New(&c, kong.Name("realname"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(args); err != nil {
		t.Fatalf("realname %v: %v", args, err)
	}
	if !c.Serve.isProduction() {
		t.Errorf("realname %v starts the demonstration", args)
	}
}

func TestTheUnitStartsTheProductionFormHardened(t *testing.T) {
	unit := deployed(t, "realname.service")
	directives := map[string][]string{}
	for line := range strings.Lines(unit) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok && !strings.HasPrefix(line, "#") {
			directives[name] = append(directives[name], value)
		}
	}
	start := strings.NewReplacer("${STATE_DIRECTORY}", t.TempDir(), "$REALNAME_FLAGS", "--addr 127.0.0.1:8080").
		Replace(directives["ExecStart"][0])
	isProductionForm(t, strings.Fields(start)[1:])
	for name, want := range map[string]string{
		"User": "realname", "NoNewPrivileges": "yes", "CapabilityBoundingSet": "", "ProtectSystem": "strict",
		"ProtectHome": "yes", "PrivateTmp": "yes", "PrivateDevices": "yes", "StateDirectory": "realname",
		"StateDirectoryMode": "0700", "UMask": "0077", "MemoryDenyWriteExecute": "yes", "SystemCallArchitectures": "native",
	} {
		if got := strings.Join(directives[name], "\n"); len(directives[name]) == 0 || got != want {
			t.Errorf("%s=%s, want %q", name, got, want)
		}
	}
	verify(t, "realname.service")
}

// Systemd reads the settings of the guide, and so does a shell that checks the providers.
func TestTheGuidesSettingsAreReadByAShell(t *testing.T) {
	guide, err := os.ReadFile(filepath.Join("..", "..", "docs", "one-machine.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(guide), "   ```sh\n   REALNAME_PUBLIC_URL=")
	block, _, _ := strings.Cut(rest, "   ```")
	if !found {
		t.Fatal("docs/one-machine.md has no settings")
	}
	for _, file := range []string{"cert.pem", "key.pem"} {
		here := filepath.Join(t.TempDir(), file)
		if err := os.WriteFile(here, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		block = strings.Replace(block, "/etc/realname/"+file, here, 1)
	}
	out, err := exec.CommandContext(t.Context(), "sh", "-c",
		"REALNAME_PUBLIC_URL="+block+"printf '%s\n' $REALNAME_FLAGS").CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	isProductionForm(t, append([]string{"serve", "--state", t.TempDir()}, strings.Fields(string(out))...))
}

// The shell expands the time, after systemd has turned %% into % and $$ into $.
func TestTheTimerBacksUp(t *testing.T) {
	_, rest, _ := strings.Cut(deployed(t, "realname-backup.service"), "/bin/sh -c 'exec /usr/local/bin/realname ")
	line, _, found := strings.Cut(rest, "'\n")
	if !found {
		t.Fatal("the unit does not run realname")
	}
	state := t.TempDir()
	var c commands
	parser, err := kong.New(&c, kong.Name("realname"))
	if err != nil {
		t.Fatal(err)
	}
	script := strings.NewReplacer("%%", "%", "$$", "$", "/var/lib/realname", state).Replace("printf '%s\n' " + line)
	out, err := exec.CommandContext(t.Context(), "sh", "-c", script).Output()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(strings.Split(strings.TrimSpace(string(out)), "\n")); err != nil {
		t.Fatalf("realname %s: %v", out, err)
	}
	name := filepath.Base(c.Backup.File)
	if _, err := time.Parse("2006-01-02T1504", name); err != nil || c.Backup.State != state || c.Backup.WithKeys {
		t.Errorf("%+v: %v", c.Backup, err)
	}
	verify(t, "realname-backup.service", "realname-backup.timer")
}

// verify lets systemd check the units, where there is a systemd.
func verify(t *testing.T, units ...string) {
	t.Helper()
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Log("systemd-analyze is not here to verify the unit")
		return
	}
	dir := t.TempDir()
	for i, name := range units {
		units[i] = filepath.Join(dir, name)
		text := strings.ReplaceAll(deployed(t, name), "/usr/local/bin/realname", "/bin/true")
		if err := os.WriteFile(units[i], []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := exec.CommandContext(t.Context(), analyze, append([]string{"verify"}, units...)...).
		CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("systemd-analyze verify: %v\n%s", err, out)
	}
}

func TestTheImageStartsTheProductionFormWithoutRoot(t *testing.T) {
	stage := map[string]string{} // the instructions of the last stage
	for line := range strings.Lines(deployed(t, "Containerfile")) {
		name, value, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok || strings.HasPrefix(name, "#") {
			continue
		}
		if name == "FROM" {
			clear(stage)
		}
		stage[name] = value
	}
	if stage["FROM"] != "scratch" || stage["USER"] != "65532:65532" || stage["VOLUME"] != "/state" {
		t.Errorf("the last stage: %v", stage)
	}
	var args []string
	if err := json.Unmarshal([]byte(stage["CMD"]), &args); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "pem")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	switches := []string{"--metrics", ":9464", "--trusted-proxy", "10.0.0.0/8"}
	run, command := inEngine(t, switches...)
	if want := append(slices.Clone(args), switches...); !slices.Equal(command, want) {
		t.Errorf("container runs %q, want the image's command and the switches: %q", command, want)
	}
	for _, flags := range []string{
		"--read-only", "--cap-drop all", "--security-opt no-new-privileges", "--volume /etc/my tls:/tls:ro",
		"--env-file /etc/my settings", "--publish 127.0.0.1:9464:9464",
	} {
		if !strings.Contains(strings.Join(run, " "), flags) {
			t.Errorf("container runs without %s: %q", flags, run)
		}
	}
	for _, c := range [][]string{args, command} {
		for i := range c {
			if strings.HasPrefix(c[i], "/tls/") {
				c[i] = file
			}
		}
		isProductionForm(t, c)
	}
}

// inEngine returns the flags that deploy/container gives the engine, and the command that
// runs in the image.
func inEngine(t *testing.T, switches ...string) (flags, command []string) {
	t.Helper()
	engine := filepath.Join(t.TempDir(), "engine")
	if err := os.WriteFile(engine, []byte("#!/bin/sh\nprintf '%s\\n' \"$@\"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), filepath.Join("..", "..", "deploy", "container"),
		append([]string{"/etc/my tls", "/etc/my settings"}, switches...)...)
	cmd.Env = append(os.Environ(), "CONTAINER="+engine)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	words := strings.Split(strings.TrimSpace(string(out)), "\n")
	serve := slices.Index(words, "serve")
	if serve < 1 || words[serve-1] != "realname" {
		t.Fatalf("the image realname does not serve: %q", words)
	}
	return words[:serve-1], words[serve:]
}
