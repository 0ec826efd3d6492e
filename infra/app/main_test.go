package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// root is the folder of the repository, where cdk.json is.
const root = "../.."

// synth runs the CDK's command line as staff do, and returns what it prints. Functions
// are empty files with the right names.
func synth(t *testing.T, app string, settings ...string) string {
	t.Helper()
	cdk, err := filepath.Abs(filepath.Join(root, "infra/node_modules/.bin/cdk"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(cdk); err != nil {
		t.Skip("the CDK's command line is not installed: npm ci --prefix infra")
	}
	args := []string{"synth", "--quiet", "--no-notices", "--app", app, "--output", t.TempDir(), "-c", "dist=" + dist(t)}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	cmd := exec.Command(cdk, args...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=1", "CDK_DISABLE_CLI_TELEMETRY=1",
		"CDK_DEFAULT_ACCOUNT=111122223333", "CDK_DEFAULT_REGION=us-east-1", "NO_COLOR=1")
	out, err := cmd.CombinedOutput()
	if err != nil && !strings.Contains(string(out), "settings:") { // an invalid setting is an answer
		t.Fatalf("%v: %s", err, out)
	}
	return string(out)
}

// dist returns a folder with a file for each program.
func dist(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	mains, err := filepath.Glob(filepath.Join(root, "functions", "*", "bootstrap"))
	if err != nil || len(mains) == 0 {
		t.Fatal(mains, err)
	}
	for _, main := range mains {
		function := filepath.Join(dir, filepath.Base(filepath.Dir(main)))
		if err := os.Mkdir(function, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(function, "bootstrap"), []byte(function), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "credentials", "strength"), nil, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// The command line prints the notes of stacks only, so a note in the wrong place is
// lost.
func TestTheCommandLinePrintsWhatADeploymentLacks(t *testing.T) {
	app := filepath.Join(t.TempDir(), "infra")
	if out, err := exec.Command("go", "build", "-o", app, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for name, c := range map[string]struct {
		settings []string
		says     string // "" for no warning
	}{
		"no pages": {
			[]string{"region=cn-northwest-1"},
			"the distribution is left out: region cn-northwest-1 needs domainName and certificateId",
		},
		"no address for banks": {nil, "set REALNAME_PUBLIC_URL to the output SiteUrl"},
		"nothing missing": {
			[]string{"domainName=www.example.com.cn", "certificateId=ASCA1", "region=cn-north-1"}, "",
		},
		"no address for alarms": {[]string{"stage=prod"}, "alarmEmail: a protected stage needs one"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			printed := synth(t, app, c.settings...)
			if !strings.Contains(printed, c.says) || c.says == "" && strings.Contains(printed, "WARNING") {
				t.Errorf("want %q, printed %s", c.says, printed)
			}
		})
	}
}
