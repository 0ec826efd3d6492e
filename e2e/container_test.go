package e2e

import (
	"bufio"
	"crypto/tls"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// containerfile returns the instructions of the last stage of deploy/Containerfile.
func containerfile(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("../deploy/Containerfile")
	if err != nil {
		t.Fatal(err)
	}
	_, last, found := strings.Cut(string(text), "\nFROM scratch\n")
	if !found {
		t.Fatal("the image does not start from scratch")
	}
	return strings.Split(strings.TrimSpace(last), "\n")
}

// inContainer is the script that runs a program in a directory as the image does: only
// what the image holds, read-only but for the state, and without rights. An engine mounts
// more, such as /proc and /tmp; the program needs none of it.
const inContainer = `set -e
mount --bind "$1" "$1"
mount --bind "$1/state" "$1/state"
mount -o remount,ro,bind "$1"
root=$1 user=$2
shift 2
exec chroot ${user:+--userspec="$user"} "$root" "$@"`

// The content of the image is enough for the service: this test runs it without a
// container engine.
func TestTheImageHoldsWhatTheServiceNeeds(t *testing.T) {
	if !shared.embedded {
		t.Skip("starts a service of its own")
	}
	t.Parallel()
	image := containerfile(t)
	copies := regexp.MustCompile(`^COPY (?:--\S+ )*(\S+) (\S+)$`)
	root := t.TempDir()
	var command []string
	user := ""
	for _, line := range image {
		word, rest, _ := strings.Cut(line, " ")
		switch word {
		case "COPY":
			m := copies.FindStringSubmatch(line)
			if m == nil {
				t.Fatalf("%s: want one source and one destination", line)
			}
			imageFile(t, m[1], filepath.Join(root, m[2]))
		case "USER":
			user = rest
		case "ENTRYPOINT", "CMD":
			var words []string
			if err := json.Unmarshal([]byte(rest), &words); err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			command = append(command, words...)
		case "VOLUME", "EXPOSE":
		default:
			t.Fatalf("%s: say in this test what it does", line)
		}
	}
	if strings.HasPrefix(user, "0") || user == "" {
		t.Errorf("the image runs as %q", user)
	}
	port := slices.Index(command, ":8443")
	if port < 0 {
		t.Fatalf("the command %q does not listen on :8443", command)
	}
	command[port] = "127.0.0.1:0"
	if err := os.Mkdir(filepath.Join(root, "tls"), 0o755); err != nil {
		t.Fatal(err)
	}
	pool := issue(t, filepath.Join(root, "tls"), 1)
	t.Cleanup(func() { _ = os.Chmod(filepath.Join(root, "state"), 0o700) }) // for the removal of the directory

	flags := []string{"-m"} // as root
	if os.Getuid() == 0 {
		for _, name := range []string{"state", "tls/cert.pem", "tls/key.pem"} {
			if err := exec.Command("chown", user, filepath.Join(root, name)).Run(); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Chmod(filepath.Dir(root), 0o755); err != nil { // for the other user
			t.Fatal(err)
		}
	} else {
		flags, user = []string{"-m", "-r"}, "" // it stays the test's user
	}
	args := append(append(flags, "sh", "-c", inContainer, "sh", root, user), command...)
	if exec.Command("unshare", append(slices.Clone(flags), "true")...).Run() != nil {
		t.Skip("needs the right to make mount namespaces")
	}
	cmd := exec.CommandContext(t.Context(), "unshare", args...)
	log := &safeBuffer{}
	cmd.Env, cmd.Stderr = []string{"PATH=" + os.Getenv("PATH")}, log
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
	})
	ready := make(chan string, 1)
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if _, url, found := strings.Cut(lines.Text(), "ready at "); found {
				ready <- strings.Fields(url)[0]
			}
		}
		close(ready)
	}()
	url := ""
	select {
	case url = <-ready:
	case <-time.After(30 * time.Second):
	}
	if url == "" {
		t.Fatalf("it did not start: %s", log.String())
	}
	over := &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12},
	}}
	for _, path := range []string{"/healthz", "/readyz"} {
		if got := get(t, over, url+path); !strings.HasPrefix(got, "200") {
			t.Errorf("%s: %s", path, got)
		}
	}
	kept, err := os.ReadDir(filepath.Join(root, "state"))
	if err != nil || len(kept) == 0 {
		t.Errorf("nothing is kept: %v", err)
	}
}

// imageFile makes the file or directory that an instruction copies from its source.
func imageFile(t *testing.T, source, into string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(into), 0o755); err != nil {
		t.Fatal(err)
	}
	var err error
	switch source {
	case "bin/realname":
		err = os.Link(binary, into)
		if err != nil { // on another file system
			err = exec.Command("cp", binary, into).Run()
		}
	case "/state":
		err = os.Mkdir(into, 0o700)
	case "/etc/ssl/certs/ca-certificates.crt":
		err = os.WriteFile(into, nil, 0o644) // the service reaches nobody here
	default:
		t.Fatalf("COPY %s: say in this test where it comes from", source)
	}
	if err != nil {
		t.Fatal(err)
	}
}
