package e2e

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"realname/e2e/world"
)

// keeping starts a service in a state directory of the test's own. It ends with the test.
func keeping(t *testing.T, of crowd, state string, flags ...string) *place {
	t.Helper()
	if !shared.embedded {
		t.Skip("starts a service of its own")
	}
	t.Parallel()
	return keepingOn(t, of, state, flags...)
}

// keepingWith is keeping with environment variables of the test's own.
func keepingWith(t *testing.T, of crowd, state string, env []string) *place {
	t.Helper()
	if !shared.embedded {
		t.Skip("starts a service of its own")
	}
	t.Parallel()
	return startKept(t, of, &process{args: []string{"serve", "--state", state}, env: env})
}

// keepingOn is keeping for a test that already runs in parallel with others.
func keepingOn(t *testing.T, of crowd, state string, flags ...string) *place {
	t.Helper()
	return startKept(t, of, &process{args: append([]string{"serve", "--state", state}, flags...)})
}

func startKept(t *testing.T, of crowd, started *process) *place {
	t.Helper()
	p := &place{embedded: true, log: &safeBuffer{}, people: of.people, taken: map[world.Kind]int{}}
	p.process = started
	p.process.log = p.log
	var err error
	if p.URL, err = p.process.start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.process.kill)
	return p
}

// killed kills the service at once and starts it again.
func (p *place) killed(t *testing.T) {
	t.Helper()
	if err := p.restart(); err != nil {
		t.Fatal(err)
	}
}

// refusesToStart returns the message with which realname serve refuses to start.
func refusesToStart(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), binary, append([]string{"serve", "--addr", "127.0.0.1:0"}, args...)...)
	var trouble bytes.Buffer
	cmd.Stderr = &trouble
	cmd.WaitDelay = time.Second
	ended := make(chan error, 1)
	go func() { ended <- cmd.Run() }()
	select {
	case err := <-ended:
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			t.Fatalf("serve %v: %v", args, err)
		}
	case <-time.After(20 * time.Second):
		t.Fatalf("serve %v started", args)
	}
	return trouble.String()
}

func TestAKeptDemonstrationGoesOnAfterAKill(t *testing.T) {
	state := filepath.Join(t.TempDir(), "state")
	p := keeping(t, few, state, "--data", few.dir, "--repair-every", "200ms", "--card", "127.0.0.1:0")
	c := p.clerkOf(t, world.Pass)
	s := c.begin()
	c.passes(s.Id, "enterprise", c.enterprise())
	p.killed(t)
	c.passes(s.Id, "legal-representative", c.legalRepresentative()) // with the token from before
	p.killed(t)
	c.passes(s.Id, "account-holder", c.accountHolder())
	c.becomes(s.Id, "verified")
	p.killed(t)
	c.becomes(s.Id, "verified")
	p.login(t, c.who).bothAspectsPassed()
	p.says(t, "audit", "verify")
	p.process.kill()
	if text := refusesToStart(t, "--state", state); !strings.Contains(text, `belongs to the form "demonstration"`) {
		t.Error(text)
	}
}

// The first attempt fails, so the message waits when the process is killed.
func TestACodeForAResetOutlivesAKill(t *testing.T) {
	state := filepath.Join(t.TempDir(), "state")
	p := keeping(t, few, state, "--data", few.dir, "--notify-every", "500ms", "--notify-first", "1s")
	c := p.clerkOf(t, world.Pass)
	mobile := c.who.Administrator.Mobile
	p.fault(t, "sms", "error", 3)
	code := c.resetCode(mobile, func() {
		c.asksForCode(c.who.LoginName, mobile)
		p.killed(t)
	})
	if a := c.post("/v1/password-resets", map[string]any{
		"loginName": c.who.LoginName, "mobile": mobile, "smsCode": code, "newPassword": newPassword,
	}); a.Status != http.StatusNoContent {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

func TestAnEnterpriseFindsItsSandboxCardAfterAKill(t *testing.T) {
	state := filepath.Join(t.TempDir(), "state")
	p := keeping(t, few, state, "--data", few.dir, "--repair-every", "200ms", "--card", "127.0.0.1:0")
	files := func() []string {
		names, err := filepath.Glob(filepath.Join(state, "cards", "*.pem"))
		if err != nil || len(names) == 0 {
			t.Fatalf("no cards are kept: %v", err)
		}
		return names
	}
	before := files()
	p.killed(t)
	if after := files(); !slices.Equal(before, after) {
		t.Errorf("cards %v, after a restart %v", before, after)
	}
}

func get(t *testing.T, by *http.Client, url string) string {
	t.Helper()
	r, err := by.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.Status + " " + string(body)
}

// onMachine runs a command on the state directory. It must succeed.
func onMachine(t *testing.T, state string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), binary, append(args, "--state", state)...)
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(pair string) bool { // the directory names the place
		return strings.HasPrefix(pair, "REALNAME_URL=")
	}), "REALNAME_OPERATOR=night shift")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("realname %v: %v\n%s", args, err, out)
	}
	return string(out)
}

func TestTheProductionFormServesWhatWasImported(t *testing.T) {
	state := filepath.Join(t.TempDir(), "state")
	p := keeping(t, few, state, "--metrics", "127.0.0.1:0")
	onMachine(t, state, "import", filepath.Join(few.dir, "accounts.csv"))
	c := p.clerkOf(t, world.Pass)
	s := c.begin()
	c.wants(c.post("/v1/sessions/"+s.Id+"/enterprise", c.enterprise()), 503, "provider_unavailable")
	for _, path := range []string{
		"/sandbox/dump", "/sandbox/sms?mobile=1", "/sandbox/card", "/sandbox/receiver", "/sandbox/bank/CCB",
		"/control/table/get", "/metrics",
	} {
		if got := get(t, client, p.URL+path); !strings.HasPrefix(got, "404") {
			t.Errorf("%s: %s", path, got)
		}
	}
	if got := get(t, client, p.URL+"/healthz"); !strings.HasPrefix(got, "200") {
		t.Error(got)
	}
	if got := get(t, client, p.URL+"/readyz"); !strings.HasPrefix(got, "200") || strings.Contains(got, "false") {
		t.Error(got)
	}
	var ready struct{ Metrics, KeyFile string }
	for line := range strings.Lines(p.log.String()) {
		if !json.Valid([]byte(line)) {
			t.Errorf("not JSON: %s", line)
		}
		if strings.Contains(line, `"msg":"ready"`) {
			_ = json.Unmarshal([]byte(line), &ready) // checked below
		}
	}
	if ready.KeyFile != filepath.Join(state, "keys.json") {
		t.Errorf("key file %q", ready.KeyFile)
	}
	figures := get(t, client, "http://"+ready.Metrics+"/metrics")
	for _, want := range []string{
		`realname_request_seconds_count{route="POST /v1/login",status="200"} 1`, "realname_invocation_seconds_count",
	} {
		if !strings.Contains(figures, want) {
			t.Errorf("metrics lack %s", want)
		}
	}
	p.killed(t)
	if a := c.get("/v1/sessions/" + s.Id); a.Status != 200 {
		t.Errorf("after a kill: %d %s", a.Status, a.Body)
	}
	p.process.kill()
	if text := refusesToStart(t, "--state", state, "--demo"); !strings.Contains(text, `belongs to the form "production"`) {
		t.Error(text)
	}
}

func TestKeysRotateOnOneMachine(t *testing.T) {
	state := filepath.Join(t.TempDir(), "state")
	p := keeping(t, few, state)
	onMachine(t, state, "import", filepath.Join(few.dir, "accounts.csv"))
	c := p.clerkOf(t, world.Pass)
	tokenStillWorks := func(want int) {
		t.Helper()
		if a := c.get("/v1/account"); a.Status != want {
			t.Errorf("%d %s", a.Status, a.Body)
		}
	}
	for range 2 {
		onMachine(t, state, "keys", "rotate", "vault")
		onMachine(t, state, "keys", "rotate", "token")
		tokenStillWorks(200)
		p.killed(t)
		tokenStillWorks(200)
	}
	onMachine(t, state, "keys", "rotate", "token", "--replace") // replaces the key that does not sign
	tokenStillWorks(200)
	onMachine(t, state, "keys", "rotate", "token", "--replace")
	p.killed(t) // the gateway caches what the authorizer answered
	tokenStillWorks(403)
	p.login(t, c.who)
}

func TestWhatTheProductionFormRefuses(t *testing.T) {
	if !shared.embedded {
		t.Skip("starts services of its own")
	}
	t.Parallel()
	dir := t.TempDir()
	state := func(name string) string { return filepath.Join(dir, name) }
	for name, tt := range map[string]struct {
		args []string
		says string
	}{
		"other machines without TLS": {
			[]string{"--state", state("a"), "--addr", "0.0.0.0:0"}, "set --tls-cert and --tls-key",
		},
		"half a certificate": {
			[]string{"--state", state("b"), "--tls-cert", binary}, "--tls-cert and --tls-key: want both",
		},
		"no certificate": {
			[]string{"--state", state("c"), "--tls-cert", binary, "--tls-key", binary}, "TLS certificate",
		},
		"a proxy by name": {
			[]string{"--state", state("d"), "--trusted-proxy", "proxy.example"}, "want an address or a network",
		},
		"a flag of the other form": {[]string{"--state", state("e"), "--meter"}, "--meter: is of the demonstration"},
		"a limit by flag":          {[]string{"--state", state("f"), "--sms-interval", "2m"}, "set REALNAME_SMS_INTERVAL"},
		"TLS in a demonstration":   {[]string{"--demo", "--metrics", "127.0.0.1:0"}, "--metrics: is of the production form"},
	} {
		if text := refusesToStart(t, tt.args...); !strings.Contains(text, tt.says) {
			t.Errorf("%s: %s", name, text)
		}
	}
	for _, name := range []string{"a", "b", "c", "d", "e", "f"} {
		if _, err := os.Stat(state(name)); !os.IsNotExist(err) {
			t.Errorf("a refused start made the directory %s: %v", name, err)
		}
	}
}

func TestKeyFilesThatCannotBeTrustedStopTheStart(t *testing.T) {
	state := filepath.Join(t.TempDir(), "state")
	p := keeping(t, few, state)
	if text := refusesToStart(t, "--state", state); !strings.Contains(text, "another process uses it") {
		t.Error(text)
	}
	p.process.kill()
	keys := filepath.Join(state, "keys.json")
	if err := os.Chmod(keys, 0o644); err != nil {
		t.Fatal(err)
	}
	if text := refusesToStart(t, "--state", state); !strings.Contains(text, "chmod 600 '"+keys+"'") {
		t.Error(text)
	}
	if err := os.Remove(keys); err != nil {
		t.Fatal(err)
	}
	if text := refusesToStart(t, "--state", state); !strings.Contains(text, "A lost key file") {
		t.Error(text)
	}
}

// The function that serves a request logs it once, and the gateway logs every answer, also those that no function gave.
func TestOneMachineLogsARequestAndItsAnswer(t *testing.T) {
	p := keeping(t, few, filepath.Join(t.TempDir(), "state"))
	c := &clerk{TB: t, at: p}
	c.wants(c.post("/v1/login", map[string]any{"loginName": "nobody", "password": "a wrong password"}),
		http.StatusUnauthorized, "invalid_credentials")
	if a := c.get("/v1/account"); a.Status != http.StatusUnauthorized {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	c.eventually("both answers are logged", func() bool { return p.logged(`"msg":"answered"`) == 2 })
	if n := p.logged(`"msg":"request"`); n != 1 {
		t.Errorf("%d lines about one request to a function", n)
	}
}

// A stop lets the requests under way finish.
func TestAStopAnswersRequestsUnderWay(t *testing.T) {
	state := filepath.Join(t.TempDir(), "state")
	p := keeping(t, few, state)
	onMachine(t, state, "import", filepath.Join(few.dir, "accounts.csv"))
	c := p.clerkOf(t, world.Pass)
	s := c.begin()
	c.becomes(s.Id, "requires_input")
	tag := c.get("/v1/sessions/" + s.Id).Header.Get("ETag")
	answered := make(chan answer, 1)
	go func() {
		a, _ := c.send("GET", "/v1/sessions/"+s.Id+"?wait=3", nil, "If-None-Match", tag)
		answered <- a
	}()
	c.eventually("the request is under way", func() bool { return p.logged(`"msg":"ready"`) == 1 })
	time.Sleep(300 * time.Millisecond)
	if err := p.process.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.process.cmd.Wait(); err != nil {
		t.Errorf("exit: %v", err)
	}
	if a := <-answered; a.Status != 200 && a.Status != 304 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

// issue writes a certificate of this machine and its key.
func issue(t *testing.T, dir string, serial int64) (pool *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{
		"cert.pem": {Type: "CERTIFICATE", Bytes: der}, "key.pem": {Type: "PRIVATE KEY", Bytes: private},
	} {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pool = x509.NewCertPool()
	pool.AppendCertsFromPEM(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	return pool
}

func TestTheProductionFormRenewsItsCertificateWhileItServes(t *testing.T) {
	dir := t.TempDir()
	pool := issue(t, dir, 1)
	if err := os.WriteFile(filepath.Join(dir, "index.html"), []byte("<!doctype html>"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := keeping(t, few, filepath.Join(dir, "state"), "--web", dir,
		"--tls-cert", filepath.Join(dir, "cert.pem"), "--tls-key", filepath.Join(dir, "key.pem"))
	healthy := func(trusted *x509.CertPool) error {
		over := &http.Client{Transport: &http.Transport{
			TLSClientConfig: &tls.Config{RootCAs: trusted, MinVersion: tls.VersionTLS12}, DisableKeepAlives: true,
		}}
		r, err := over.Get(p.URL + "/")
		if err != nil {
			return err
		}
		if r.StatusCode != http.StatusOK || r.Header.Get("Strict-Transport-Security") == "" {
			err = fmt.Errorf("%s: a page that does not ask for TLS: %v", r.Status, r.Header)
		}
		return errors.Join(err, r.Body.Close())
	}
	if err := healthy(pool); err != nil || !strings.HasPrefix(p.URL, "https://") {
		t.Fatalf("%s: %v", p.URL, err)
	}
	renewed := issue(t, dir, 2)
	if err := p.process.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	if err := healthy(renewed); err != nil {
		t.Error(err)
	}
	if healthy(pool) == nil {
		t.Error("the former certificate is still served")
	}
	if p.logged("certificate re") == 0 {
		t.Error("the renewal is not logged")
	}
}
