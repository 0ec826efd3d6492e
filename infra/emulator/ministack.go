package main

import (
	"bytes"
	_ "embed" // the pinned packages and the launcher
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

//go:embed requirements.txt
var requirements []byte

//go:embed launch.py
var launch string

// Credentials of the emulator's account. The emulator chooses the account number.
const (
	accessKey, secretKey = "test", "test"
	account, awsRegion   = "000000000000", "us-east-1"
)

// install installs the emulator.
func (w *workshop) install() error { return w.installInto("venv", "MiniStack", requirements) }

// installInto installs packages, each pinned by its hash, in a Python environment of
// their own. The next run with the same packages reuses it.
func (w *workshop) installInto(name, what string, packages []byte) error {
	venv := filepath.Join(w.dir, name)
	mark := filepath.Join(venv, "requirements.txt")
	if old, err := os.ReadFile(mark); err == nil && bytes.Equal(old, packages) {
		return nil
	}
	w.say("installing %s", what)
	wanted := filepath.Join(w.dir, name+".txt")
	if err := errors.Join(os.RemoveAll(venv), os.WriteFile(wanted, packages, 0o644)); err != nil {
		return err
	}
	if err := w.command("install", nil, "python3", "-m", "venv", venv); err != nil {
		return err
	}
	if err := w.command("install", nil, filepath.Join(venv, "bin", "pip"), "install", "--disable-pip-version-check",
		"--require-hashes", "--no-deps", "-r", wanted); err != nil {
		return err
	}
	return os.WriteFile(mark, packages, 0o644)
}

// start starts the emulator on a free port, in its own process group. Another
// process may take the port first, so start retries with another port.
func (w *workshop) start() error {
	var err error
	for range 3 {
		if err = w.startOnce(); err == nil {
			return nil
		}
	}
	return err
}

func (w *workshop) startOnce() error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	_, w.port, _ = net.SplitHostPort(listener.Addr().String())
	if err := listener.Close(); err != nil {
		return err
	}
	front, err := w.secured("http://127.0.0.1:" + w.port)
	if err != nil {
		return err
	}
	w.endpoint = front.url
	log, err := os.Create(filepath.Join(w.logs, "ministack.log"))
	if err != nil {
		front.close()
		return err
	}
	cmd := exec.Command(filepath.Join(w.dir, "venv", "bin", "python"), "-c", launch)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Env = w.environment(
		// Listen on loopback, run only the required services, and enforce IAM policies.
		"BIND_HOST=127.0.0.1", "GATEWAY_PORT="+w.port, "AUTH=true", "IOT_MTLS_ENABLED=0", "SFTP_ENABLED=0",
		"LAMBDA_EXECUTOR=local",
		"TMPDIR="+w.dir, "PYTHONUNBUFFERED=1",
		"SSL_CERT_FILE="+w.cert) // functions inherit it
	if err := cmd.Start(); err != nil {
		front.close()
		return errors.Join(err, log.Close())
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait() // stopped, or its log has the reason
		_ = log.Close()
		close(ended)
	}()
	w.stop = func() {
		group := -cmd.Process.Pid
		_ = syscall.Kill(group, syscall.SIGTERM) // gone already if it fails
		select {
		case <-ended:
		case <-time.After(10 * time.Second):
		}
		_ = syscall.Kill(group, syscall.SIGKILL) // the functions' processes too
		front.close()
	}
	if err := w.awaitHealth(ended); err != nil {
		w.stop()
		return err
	}
	w.say("MiniStack answers on %s", w.endpoint)
	return nil
}

func (w *workshop) awaitHealth(ended <-chan struct{}) error {
	for end := time.Now().Add(time.Minute); time.Now().Before(end); {
		select {
		case <-w.ctx.Done():
			return w.ctx.Err()
		case <-ended:
			return errors.New("MiniStack ended: see ministack.log")
		case <-time.After(100 * time.Millisecond):
		}
		response, err := w.client().Get(w.endpoint + "/_ministack/health")
		if err != nil {
			continue
		}
		if err := response.Body.Close(); err == nil && response.StatusCode == http.StatusOK {
			return nil
		}
	}
	return errors.New("MiniStack does not answer: see ministack.log")
}

// environment returns the environment of this process with the emulator's endpoint
// and more, and without other settings of AWS clients.
func (w *workshop) environment(more ...string) []string {
	var env []string
	for _, pair := range os.Environ() {
		name, _, _ := strings.Cut(pair, "=")
		if !strings.HasPrefix(name, "AWS_") && !strings.HasPrefix(name, "CDK_") && !strings.HasPrefix(name, "REALNAME_") {
			env = append(env, pair)
		}
	}
	env = append(env,
		"AWS_ENDPOINT_URL="+w.endpoint, "AWS_ACCESS_KEY_ID="+accessKey, "AWS_SECRET_ACCESS_KEY="+secretKey,
		"AWS_REGION="+awsRegion, "AWS_DEFAULT_REGION="+awsRegion, "AWS_EC2_METADATA_DISABLED=true", "AWS_CA_BUNDLE="+w.cert)
	return append(env, more...)
}

// command runs a program to its end and logs its output. If the program fails, the
// error contains the end of the output.
func (w *workshop) command(log string, env []string, name string, args ...string) error {
	file, err := os.OpenFile(filepath.Join(w.logs, log+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(w.ctx, name, args...)
	cmd.Stdout, cmd.Stderr, cmd.Env = file, file, env
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	err = errors.Join(cmd.Run(), file.Close())
	if err != nil {
		return fmt.Errorf("%s %s: %w\n%s", filepath.Base(name), strings.Join(args, " "), err, w.tail(log))
	}
	return nil
}

// tail returns the end of a log.
func (w *workshop) tail(log string) string {
	raw, err := os.ReadFile(filepath.Join(w.logs, log+".log"))
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimRight(string(raw), "\n"), "\n")
	return strings.Join(lines[max(0, len(lines)-60):], "\n")
}
