package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"realname/e2e/world"
)

// An activation code has expired and the bound number is another's: no page helps, but
// staff do, with a reason.
func TestStaffOpenAWayIn(t *testing.T) {
	p := only(t)
	c := p.clerkOf(t, world.Pass)
	login := c.who.LoginName
	code := says[struct{ Code string }](t, p, "account", "code", login, "--reason", "letter 17").Code
	right := map[string]any{"loginName": login, "password": world.Password}
	c.wants(c.post("/v1/login", right), 401, "invalid_credentials")
	c.wants(c.get("/v1/account"), 401, "token_revoked")
	if out := p.says(t, "account", "show", login); !strings.Contains(out, "never activated") {
		t.Error(out)
	}
	if out := p.says(t, "unlock", login); !strings.Contains(out, "it was never activated") {
		t.Error(out)
	}
	if a := c.post("/v1/activations", map[string]any{
		"loginName": login, "activationCode": code, "newPassword": "Winter-Harbor-2031",
	}); a.Status != 204 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if out := p.says(t, "account", "show", login); !strings.Contains(out, "signs in with a password") {
		t.Error(out)
	}
	p.says(t, "account", "disable", login, "--reason", "left the company")
	c.wants(c.post("/v1/login", map[string]any{"loginName": login, "password": "Winter-Harbor-2031"}), 401,
		"invalid_credentials")
	p.says(t, "account", "enable", login, "--reason", "came back")
	if a := c.post("/v1/login", map[string]any{"loginName": login, "password": "Winter-Harbor-2031"}); a.Status != 200 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	out := p.says(t, "enterprise", "show", c.who.USCC)
	for _, want := range []string{
		"activation_code_renewed  staff night shift", "reason: – → letter 17", "reason: – → left the company",
		"account_disabled         staff night shift", "account_enabled          staff night shift",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the timeline lacks %q:\n%s", want, out)
		}
	}
	for _, args := range []string{
		"account disable " + login, "account code nobody --reason x", "account code " + login + " --reason=",
	} {
		if out, ok := p.commandLine(t, strings.Fields(args)...); ok {
			t.Errorf("%s: %s", args, out)
		}
	}
}

func TestAnErasureNamesThePersonBeforeItAsks(t *testing.T) {
	p := only(t)
	c := p.clerkOf(t, world.Pass)
	for _, args := range [][]string{
		{"erase", "--login", c.who.LoginName}, {"erase", "--enterprise", c.who.USCC},
	} {
		out, trouble, ok := p.program(t, args...)
		name := []rune(c.who.Administrator.Name)
		if args[1] == "--enterprise" {
			name = []rune(c.who.LegalRepresentative.Name)
		}
		if ok || out != "" || !strings.Contains(trouble, string(name[:1])+"*") ||
			!strings.Contains(trouble, c.who.USCC) || !strings.Contains(trouble, "nothing was erased") ||
			strings.Contains(trouble, string(name)) {
			t.Errorf("%v: %s %s", args, out, trouble)
		}
	}
	if a := c.get("/v1/account"); a.Status != 200 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

func TestAMistypedCommandPrintsItsUsage(t *testing.T) {
	p := only(t)
	for _, args := range [][]string{{"entreprise", "show"}, {"unlock"}, {"bank", "rotate", "CCB", "--kee", "x"}} {
		out, trouble, ok := p.program(t, args...)
		if lines := strings.Count(trouble, "\n"); ok || out != "" || lines > 12 ||
			!strings.Contains(trouble, "Usage: realname") {
			t.Errorf("%v: %d lines\n%s%s", args, lines, out, trouble)
		}
	}
}

// A rotation to the key in use would end it.
func TestARotationToAKnownKeyIsRefused(t *testing.T) {
	p := only(t)
	files := filepath.Join(t.TempDir(), "new")
	p.says(t, "bank", "keygen", "--out", files)
	p.says(t, "bank", "rotate", "ABC", "--key", files+".pub.pem", "--serial", "ABC-NEW-1")
	for _, serial := range []string{"ABC-NEW-1", "ABC-NEW-2"} {
		out, ok := p.commandLine(t, "bank", "rotate", "ABC", "--key", files+".pub.pem", "--serial", serial)
		if ok || !strings.Contains(out, "ABC-NEW-1") {
			t.Errorf("%s: %v %s", serial, ok, out)
		}
	}
}

func TestAnImportIntoAPipeDrawsNoBar(t *testing.T) {
	p := only(t)
	dir := t.TempDir()
	if err := world.Write(dir); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(dir, "accounts.csv"))
	if err != nil {
		t.Fatal(err)
	}
	head, rest, _ := strings.Cut(string(raw), "\n")
	row, _, _ := strings.Cut(rest, "\n")
	file := filepath.Join(dir, "few.csv")
	if err := os.WriteFile(file, []byte(head+"\n"+row+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, trouble, _ := p.program(t, "import", file, "--dry-run") // it refuses the row: the login name is taken
	if strings.ContainsAny(trouble, "\r%█") || !strings.Contains(out, "1 rows") {
		t.Errorf("%q %q", out, trouble)
	}
}
