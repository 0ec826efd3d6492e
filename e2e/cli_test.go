package e2e

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"realname/e2e/world"
)

// A code that was sent is not a refusal of its step.
func TestASentCodeIsToldAsSent(t *testing.T) {
	p := operated(t)
	c := p.clerkOf(t, world.Pass)
	s := c.begin()
	c.passes(s.Id, "enterprise", c.enterprise())
	c.passes(s.Id, "legal-representative", c.legalRepresentativeByCard(s.Id))
	if out := p.says(t, "enterprise", "show", c.who.USCC); strings.Contains(out, "step_refused") ||
		!strings.Contains(out, "code_sent") {
		t.Error(out)
	}
	if out := p.says(t, "session", "show", s.Id); !strings.Contains(out, "code sent") ||
		!strings.Contains(out, "account "+c.who.LoginName+" ") {
		t.Error(out)
	}
}

func TestOneCommandTellsWhyAnEnterpriseWasRefused(t *testing.T) {
	p := operated(t)
	c := p.clerkOf(t, world.Pass)
	s := c.begin()
	wrong := c.enterprise()
	wrong["name"] = "别的公司"
	c.refused(s.Id, "enterprise", wrong, 422, "enterprise_mismatch")
	out := p.says(t, "enterprise", "show", strings.ToLower(c.who.USCC))
	provider, answer := "sandbox", "0"
	if !p.embedded {
		provider, answer = "tencent", "VerifyResult 0"
	}
	for _, want := range []string{
		"last refusal: enterprise_mismatch at step enterprise", "We could not verify the enterprise", "step_refused",
		"session_started", "not verified", provider + " answered " + answer + ", enterprise_name differs",
		"(" + provider + ": " + answer + ", enterprise_name differs)",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in\n%s", want, out)
		}
	}
	if out := p.says(t, "session", "show", s.Id); !strings.Contains(out, "enterprise_name differs") {
		t.Error(out)
	}
	if strings.Contains(out, "\x1b[") {
		t.Error("colors, though this is no terminal")
	}
	for _, secret := range []string{c.who.LegalRepresentative.Name, c.who.Administrator.IDNumber} {
		if strings.Contains(out, secret) {
			t.Error("it shows personal data")
		}
	}
	if out, ok := p.commandLine(t, "enterprise", "show", "91350100M000100Y43"); ok ||
		!strings.Contains(out, "no such enterprise") {
		t.Error(out)
	}
}

func TestOneCommandTellsWithWhatWordABankRefused(t *testing.T) {
	p := only(t)
	c := p.clerkOf(t, world.Pass)
	c.atBank(c.handOver(c.beginBank().Id, "CCB"), "expired", "")
	c.eventually("the bank's refusal is shown", func() bool {
		out := p.says(t, "enterprise", "show", c.who.USCC)
		return strings.Contains(out, "last refusal: bank_refused at step bank") &&
			strings.Contains(out, "CCB answered CERTIFICATE_EXPIRED")
	})
}

// The administrator changes himself, the administrator changes an operator, and
// the service's staff change an account.
func TestOneCommandTellsWhoChangedAHolder(t *testing.T) {
	p := only(t)
	c := p.clerkOf(t, world.Pass)
	added := c.addOperator(1, stranger(310))
	login := added.Operator.LoginName
	path := "/v1/operators/" + added.Operator.Id
	if a := c.put(path, map[string]any{"name": "操作员丁", "idType": "resident_id", "idNumber": stranger(311)},
		"If-Match", `"1"`); a.Status != 200 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	c.changed(c.changes("administrator", map[string]any{
		"name": "管新人", "idType": "resident_id", "idNumber": stranger(312), "currentPassword": world.Password,
	}), world.Password)
	out := p.says(t, "enterprise", "show", c.who.USCC)
	wants := func(out string, parts ...string) {
		t.Helper()
		for line := range strings.Lines(out) {
			if !slices.ContainsFunc(parts, func(part string) bool { return !strings.Contains(line, part) }) {
				return
			}
		}
		t.Errorf("no line has %q\n%s", parts, out)
	}
	masked := func(number string) string { return number[:4] + "*******" + number[14:] }
	wants(out, "administrator_changed", " "+c.who.LoginName+" ",
		"idNumber: "+masked(c.who.Administrator.IDNumber)+" → "+masked(stranger(312)))
	wants(out, "operator_changed", " "+c.who.LoginName+" ", "→ "+masked(stranger(311)), "of "+login)
	for _, number := range []string{stranger(310), stranger(311), stranger(312), "管新人"} {
		if strings.Contains(out, number) {
			t.Errorf("%s is shown", number)
		}
	}
	p.says(t, "erase", "--yes", "--login", login)
	wants(p.says(t, "enterprise", "show", c.who.USCC), "person_erased", "staff night shift")
}

func TestOneCommandTellsHowManyAreStuckAtAStep(t *testing.T) {
	p := only(t)
	for range 2 {
		p.clerkOf(t, world.Pass).verify()
	}
	stuck := p.clerkOf(t, world.Pass)
	s := stuck.begin()
	stuck.passes(s.Id, "enterprise", stuck.enterprise())
	type counts struct {
		Funnels []struct {
			Method            string
			Started, Verified int
			Steps             []struct {
				Step                          string
				Reached, Passed, Open, Failed int
			}
		}
	}
	got := says[counts](t, p, "stats", "--since", "7d")
	if len(got.Funnels) != 1 || got.Funnels[0].Started != 3 || got.Funnels[0].Verified != 2 {
		t.Fatalf("%+v", got)
	}
	if second := got.Funnels[0].Steps[1]; second.Reached != 3 || second.Passed != 2 || second.Open != 1 {
		t.Errorf("%+v", second)
	}
	file := filepath.Join(t.TempDir(), "funnel.svg")
	if out := p.says(t, "stats", "--svg", file); !strings.Contains(out, "█") ||
		!strings.Contains(out, "legal_representative: 3 started, 2 verified (67 %)") {
		t.Error(out)
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for d := xml.NewDecoder(bytes.NewReader(raw)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("the drawing is no XML: %v", err)
		}
	}
	list := says[[]struct{ ID, Step string }](t, p, "session", "list", "--step", "legal_representative")
	if len(list) != 1 || list[0].ID != s.Id {
		t.Errorf("%+v", list)
	}
}

func TestAnOperatorCancelsAndUnlocks(t *testing.T) {
	p := operated(t, "--repair-every", "100ms")
	c := p.clerkOf(t, world.Pass)
	s := c.begin()
	p.says(t, "session", "cancel", s.Id)
	c.becomes(s.Id, "canceled")
	if out := p.says(t, "session", "show", s.Id); !strings.Contains(out, "by staff night shift") {
		t.Error(out)
	}
	if p.embedded { // only then can the test read the log
		c.eventually("the end is counted, though no function brought it about",
			func() bool { return p.logged(`"Status":"canceled"`) == 1 })
	}
	c.verify() // a new session can start
	if out, ok := p.commandLine(t, "session", "cancel", "none"); ok || !strings.Contains(out, "there is no session none") {
		t.Error(out)
	}
	wrong := map[string]any{"loginName": c.who.LoginName, "password": "wrong"}
	for range 4 {
		c.wants(c.post("/v1/login", wrong), 401, "invalid_credentials")
	}
	c.wants(c.post("/v1/login", wrong), 429, "login_locked")
	right := map[string]any{"loginName": c.who.LoginName, "password": world.Password}
	c.wants(c.post("/v1/login", right), 429, "login_locked")
	if out := p.says(t, "unlock", c.who.LoginName); !strings.Contains(out, "5 wrong passwords") {
		t.Error(out)
	}
	if a := c.post("/v1/login", right); a.Status != 200 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	out := p.says(t, "enterprise", "show", c.who.USCC)
	if !strings.Contains(out, "account_unlocked  staff night shift") ||
		!strings.Contains(out, "session_closed    staff night shift") {
		t.Errorf("the timeline does not name the operator:\n%s", out)
	}
}

func TestAnErasureEndsSessionsInTheNameOfItsOperator(t *testing.T) {
	p := only(t, "--repair-every", "100ms")
	c := p.clerkOf(t, world.Pass)
	s := c.begin()
	if out := p.says(t, "erase", "--yes", "--login", c.who.LoginName); strings.Contains(out, "{") ||
		!strings.Contains(out, "is erased") {
		t.Errorf("not written for people: %s", out)
	}
	c.eventually("the end is counted once", func() bool { return p.logged(`"Status":"canceled"`) == 1 })
	out := p.says(t, "enterprise", "show", c.who.USCC)
	for _, want := range []string{"person_erased    staff night shift", "session_closed   staff night shift"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in\n%s", want, out)
		}
	}
	if out := p.says(t, "session", "show", s.Id); !strings.Contains(out, "canceled") {
		t.Error(out)
	}
}

func TestMachineClientsAreManagedByCommands(t *testing.T) {
	p := only(t)
	secret := says[map[string]string](t, p, "client", "add", "tax", "--per-minute", "3")["clientSecret"]
	m := p.machineOf(t, "tax", secret)
	c := p.clerkOf(t, world.Pass)
	for range 2 {
		if a := m.status(c.who.USCC); a.Status != 200 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	if problem := m.wants(m.status(c.who.USCC), 429, "rate_limited"); problem.RetryAfter < 1 {
		t.Errorf("%+v", problem)
	}
	renewed := says[map[string]string](t, p, "client", "rotate", "tax", "--overlap", "0s")["clientSecret"]
	if renewed == secret || renewed == "" {
		t.Error("no new secret")
	}
	p.says(t, "client", "retire", "tax")
	m.wants(m.status(c.who.USCC), 401, "token_revoked")
	if out, ok := p.commandLine(t, "client", "add", "tax"); ok || !strings.Contains(out, "client tax exists") {
		t.Error(out)
	}
	if out := p.says(t, "client", "list"); strings.Contains(out, secret) || !strings.Contains(out, "retired") {
		t.Error(out)
	}
}

func TestEventsAreListedAndReplayedByCommands(t *testing.T) {
	p := only(t, "--notify-every", "100ms")
	c := p.clerkOf(t, world.Pass)
	c.told(c.verify())
	if out := p.says(t, "notify", "show", c.who.USCC); !strings.Contains(out, "delivered") {
		t.Error(out)
	}
	p.says(t, "notify", "replay", c.who.USCC, "1")
	c.eventually("the replayed events arrive again", func() bool {
		n := 0
		for _, w := range c.received().Webhooks {
			if w.Again && w.Verified {
				n++
			}
		}
		return n == 3
	})
	if out := p.says(t, "notify", "dead"); !strings.Contains(out, "No dead events") {
		t.Error(out)
	}
}

// With --json, standard output holds only JSON.
func TestCommandsThatChangeSomethingAnswerScriptsToo(t *testing.T) {
	p := only(t)
	uscc, org := world.Codes(950)
	file := filepath.Join(t.TempDir(), "accounts.csv")
	good := fmt.Sprintf("script-1,,migrated_local,河北脚本贸易有限公司,%s,%s,石家庄,赵安国,resident_id,"+
		"130105197803121016,钱小敏,resident_id,%s,13800001001,,河北\n", uscc, org, world.ResidentID("130103", 1976, 1))
	if err := os.WriteFile(file, []byte(accountsHeader+good+strings.Replace(good, "script-1", "script-2", 1)),
		0o600); err != nil {
		t.Fatal(err)
	}
	// The exit status and standard error report the refused row. Standard output
	// does not.
	out, trouble, _ := p.program(t, "import", file, "--json")
	var in struct {
		Rows, Created, Refused int
		Whole                  bool
		RefusedFile, CodesFile string
	}
	if err := json.Unmarshal([]byte(out), &in); err != nil ||
		!strings.HasSuffix(trouble, "realname: error: refused rows: 1\n") {
		t.Errorf("%v\n%s%s", err, out, trouble)
	}
	if again := exec.Command(binary, "import", file, "--url", p.URL); again.Run() == nil ||
		again.ProcessState.ExitCode() != 2 {
		t.Errorf("%v", again.ProcessState)
	}
	if in.Rows != 2 || in.Created != 1 || in.Refused != 1 || !in.Whole || in.CodesFile == "" || in.RefusedFile == "" {
		t.Errorf("%+v", in)
	}
	gone := says[struct{ Accounts []string }](t, p, "erase", "--yes", "--login", "script-1")
	if len(gone.Accounts) != 1 {
		t.Errorf("%+v", gone)
	}
	key := filepath.Join(t.TempDir(), "key")
	p.says(t, "bank", "keygen", "--out", key)
	bank := says[struct {
		Code, OwnPublicKey string
		Keys               []struct{ Owner, State string }
	}](t, p, "bank", "add", "SCRIPT", "--name-zh", "脚本银行", "--name-en", "Bank of Scripts",
		"--entry-url", "https://bank.example/", "--key", key+".pub.pem", "--serial", "S-1")
	if bank.Code != "SCRIPT" || len(bank.Keys) != 2 || bank.Keys[0].State != "live" ||
		!strings.HasPrefix(bank.OwnPublicKey, "-----BEGIN PUBLIC KEY") {
		t.Errorf("%+v", bank)
	}
}

func TestManualAndCompletionArePrinted(t *testing.T) {
	page := shared.says(t, "man")
	if !strings.HasPrefix(page, ".TH REALNAME 1") || !strings.Contains(page, "audit verify") {
		t.Error(page)
	}
	option := ""
	for line := range strings.Lines(page) { // each option starts a list item
		if strings.HasPrefix(line, `\fB--`) && option != ".TP\n" {
			t.Errorf("after %q: %s", option, line)
		}
		option = line
	}
	if out := shared.says(t, "completion", "-c", "bash"); !strings.HasPrefix(out, "complete ") {
		t.Error(out)
	}
	if out, ok := shared.commandLine(t, "stats", "--since", "yesterday"); ok ||
		!strings.Contains(out, "neither a length of time") {
		t.Error(out)
	}
}
