package e2e

import (
	"fmt"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"realname/e2e/world"
)

// The test aborts the function after each of its outside calls: reading the
// banks, reading the session, the transaction, the signal. Repair alone
// completes a committed callback. The bank's next attempt completes any other
// callback.
func TestACallbackAbortedAfterEachOutsideCallCompletes(t *testing.T) {
	const committed = 3
	for call := 1; call <= 4; call++ {
		t.Run(fmt.Sprintf("after call %d", call), func(t *testing.T) {
			p := only(t, "--abort-at", fmt.Sprintf("bank-callback:%d", call))
			s, c := bankBy(t, p, "CCB"), p.clerkOf(t, world.Pass)
			session := c.beginBank()
			body := c.result(c.handOver(session.Id, "CCB").Fields["requestId"], "PASS", nil)
			if a := s.send(s.sign(body, nil)); a.Status != http.StatusInternalServerError {
				t.Fatalf("not aborted: %d %s", a.Status, a.Body)
			}
			if call < committed {
				s.accepted(s.sign(body, nil))
			}
			c.becomes(session.Id, "verified")
			s.accepted(s.sign(body, nil))
		})
	}
}

func TestTableAndWorkflowTroubleLoseNoCallback(t *testing.T) {
	p := only(t, "--repair-every", "1s")
	for _, fault := range []struct {
		target, mode string
		status       int
	}{
		{"table", "timeout", 503},
		{"table", "error", 503},
		{"table", "throttle", 503},
		{"table", "drop_answer", 503},
		{"workflow", "timeout", 200},
		{"workflow", "error", 200},
		{"workflow", "drop_answer", 200},
	} {
		t.Run(fault.target+" "+fault.mode, func(t *testing.T) {
			s, c := bankBy(t, p, "ABC"), p.clerkOf(t, world.Pass)
			session := c.beginBank()
			body := c.result(c.handOver(session.Id, "ABC").Fields["requestId"], "PASS", nil)
			p.fault(t, fault.target, fault.mode, 1)
			a := s.send(s.sign(body, nil))
			if a.Status == http.StatusServiceUnavailable && a.Header.Get("Retry-After") == "" {
				t.Error("it is not said when to try again")
			}
			if a.Status != fault.status && a.Status != http.StatusOK { // repair may have met the fault first
				t.Errorf("%d %s", a.Status, a.Body)
			}
			if a.Status != http.StatusOK {
				s.accepted(s.sign(body, nil))
			}
			c.becomes(session.Id, "verified")
		})
	}
}

// realname runs the command line against the service.
func (p *place) realname(t *testing.T, dir string, arguments ...string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), binary, arguments...)
	cmd.Dir, cmd.Env = dir, append(cmd.Environ(), "REALNAME_URL="+p.URL)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func TestAFourthBankIsConfigurationOnly(t *testing.T) {
	p, dir := only(t), t.TempDir()
	must := func(arguments ...string) string {
		t.Helper()
		out, err := p.realname(t, dir, arguments...)
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return out
	}
	mustNot := func(want string, arguments ...string) {
		t.Helper()
		if out, err := p.realname(t, dir, arguments...); err == nil || !strings.Contains(out, want) {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	for key, algorithm := range map[string]string{"one": "SM2-SM3", "two": "RSA-SHA256", "three": "SM2-SM3"} {
		must("bank", "keygen", "--algorithm", algorithm, "--out", key)
	}
	mustNot("exists", "bank", "keygen", "--out", "one")
	mustNot("name: want a text", "bank", "add", "ICBC", "--entry-url", "https://bank.example/enter",
		"--key", "one.pub.pem", "--serial", "ICBC-1")
	mustNot("https", "bank", "add", "CCB", "--entry-url", "http://bank.example/enter")
	mustNot("--logo: want a path", "bank", "add", "CCB", "--logo", "https://bank.example/logo.svg")
	if out := must("bank", "add", "ICBC", "--name-zh", "中国工商银行", "--name-en", "Industrial and Commercial Bank of China",
		"--short-name-zh", "工商银行",
		"--short-name-en", "ICBC", "--entry-url", "https://bank.example/enter", "--key", "one.pub.pem",
		"--serial", "ICBC-1"); !strings.Contains(out, "BEGIN PUBLIC KEY") {
		t.Errorf("our public key is not shown:\n%s", out)
	}
	must("bank", "add", "ICBC", "--key", "two.pub.pem", "--serial", "ICBC-2")
	mustNot("at most 2 are allowed", "bank", "add", "ICBC", "--key", "three.pub.pem", "--serial", "ICBC-3")

	c := p.clerkOf(t, world.Pass)
	session := c.beginBank()
	form := c.handOver(session.Id, "ICBC")
	if form.Url != "https://bank.example/enter" || !strings.HasPrefix(form.Fields["serial"], "RN-ICBC-") ||
		!strings.HasSuffix(form.Fields["returnUrl"], "/v1/bank-returns/ICBC?requestId="+form.Fields["requestId"]) {
		t.Errorf("%+v", form)
	}
	callback := func(key, serial string, more ...string) []string {
		return append([]string{
			"bank", "test-callback", "ICBC", "--request", form.Fields["requestId"], "--key", key + ".key.pem",
			"--serial", serial,
		}, more...)
	}
	mustNot("bank_signature_invalid", callback("two", "ICBC-1")...)
	mustNot("bank_clock_skew", callback("one", "ICBC-1", "--clock-skew=-10m")...)
	mustNot("bank_enterprise_mismatch", callback("one", "ICBC-1", "--name", "别的公司")...)
	must("bank", "retire", "ICBC", "--serial", "ICBC-1")
	c.soon(func() bool { // this service reloads its settings every second
		out, _ := p.realname(t, dir,
			callback("one", "ICBC-1", "--result", "FAIL", "--reason", "USER_CANCELED", "--nonce", "n1")...)
		return strings.Contains(out, "bank_serial_unknown")
	})
	if s := c.get("/v1/sessions/" + session.Id).session(t); s.Status != "requires_input" {
		t.Fatalf("%+v", s)
	}
	form = c.handOver(session.Id, "ICBC")
	must(callback("two", "ICBC-2")...)
	s := c.becomes(session.Id, "verified")
	if s.Steps[0].Bank.ShortName != "工商银行" {
		t.Errorf("%+v", s.Steps[0].Bank)
	}
	list := must("bank", "list")
	for _, want := range []string{"ICBC-1", "ended", "ICBC-2", "live", "RSA-SHA256", "中国工商银行"} {
		if !strings.Contains(list, want) {
			t.Errorf("%q is not in\n%s", want, list)
		}
	}
	if strings.Contains(list, "PRIVATE") {
		t.Error("a private key is shown")
	}
	if out := must("bank", "refusals", "ICBC"); !strings.Contains(out, "bank_serial_unknown") ||
		!strings.Contains(out, "bank_clock_skew") {
		t.Errorf("refusals:\n%s", out)
	}
	must("bank", "retire", "ICBC")
	other := p.clerkOf(t, world.Pass)
	again := other.beginBank()
	other.soon(func() bool {
		a := other.post("/v1/sessions/"+again.Id+"/bank-redirect", map[string]any{"bank": "ICBC"})
		return a.Status == http.StatusServiceUnavailable && a.problem(t).Code == "bank_unavailable"
	})
	if strings.Contains(string(other.get("/v1/banks").Body), "ICBC") {
		t.Error("a retired bank is offered")
	}
	mustNot("no bank", "bank", "retire", "NONE")
}

// soon waits until the condition holds.
func (c *clerk) soon(holds func() bool) {
	c.Helper()
	for end := time.Now().Add(10 * time.Second); !holds(); {
		if time.Now().After(end) {
			c.Fatal("it never came to hold")
		}
	}
}
