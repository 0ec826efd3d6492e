package e2e

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"realname/e2e/world"
)

// desk is a certificate authority with its cards, made with the OpenSSL command
// line. A server of its own publishes its revocation list.
type desk struct {
	testing.TB
	at   *place
	dir  string
	list *httptest.Server
}

func newDesk(t *testing.T, at *place) *desk {
	t.Helper()
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("the openssl command is not installed")
	}
	d := &desk{TB: t, at: at, dir: t.TempDir()}
	d.list = httptest.NewServer(http.FileServer(http.Dir(d.dir)))
	t.Cleanup(d.list.Close)
	return d
}

func (d *desk) openssl(stdin string, args ...string) []byte {
	d.Helper()
	cmd := exec.Command("openssl", args...)
	cmd.Dir, cmd.Stdin = d.dir, strings.NewReader(stdin)
	out, err := cmd.Output()
	if err != nil {
		d.Fatalf("openssl %s: %v", strings.Join(args, " "), err)
	}
	return out
}

// root makes an RSA root with an empty revocation list.
func (d *desk) root(name string) {
	d.Helper()
	for file, text := range map[string]string{
		name + ".ext": "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n" +
			"subjectKeyIdentifier=hash\n",
		"index.txt": "", "crlnumber": "01\n",
		"ca.cnf": "[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ncrlnumber=crlnumber\ndefault_md=sha256\ndefault_crl_days=7\n",
	} {
		if err := os.WriteFile(filepath.Join(d.dir, file), []byte(text), 0o600); err != nil {
			d.Fatal(err)
		}
	}
	d.openssl("", "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", name+".key", "-subj", "/C=CN/CN="+name,
		"-out", name+".csr")
	d.openssl("", "x509", "-req", "-in", name+".csr", "-key", name+".key", "-sha256", "-days", "30",
		"-extfile", name+".ext", "-out", name+".pem")
	d.openssl("", "ca", "-gencrl", "-config", "ca.cnf", "-cert", name+".pem", "-keyfile", name+".key", "-out", name+".crl")
}

// card makes an SM2 card for the enterprise.
func (d *desk) card(name, issuer string, e world.Enterprise) {
	d.Helper()
	if err := os.WriteFile(filepath.Join(d.dir, name+".ext"), []byte("keyUsage=critical,digitalSignature\n"),
		0o600); err != nil {
		d.Fatal(err)
	}
	d.openssl("", "ecparam", "-name", "SM2", "-genkey", "-noout", "-out", name+".key")
	d.openssl("", "req", "-new", "-utf8", "-key", name+".key", "-sm3", "-sigopt", "distid:1234567812345678",
		"-subj", "/C=CN/O="+e.Name+"/organizationIdentifier="+e.USCC, "-out", name+".csr")
	d.openssl("", "x509", "-req", "-in", name+".csr", "-vfyopt", "distid:1234567812345678", "-CA", issuer+".pem",
		"-CAkey", issuer+".key", "-CAcreateserial", "-sha256", "-days", "30", "-extfile", name+".ext", "-out", name+".pem")
}

func (d *desk) sign(name, challenge string) map[string]any {
	d.Helper()
	certificate := d.openssl("", "x509", "-in", name+".pem", "-outform", "DER")
	signature := d.openssl(challenge, "dgst", "-sm3", "-sign", name+".key", "-sigopt", "distid:1234567812345678")
	enc := base64.StdEncoding
	return map[string]any{
		"challenge": challenge, "certificate": enc.EncodeToString(certificate), "signature": enc.EncodeToString(signature),
	}
}

// realname runs the command line against the service.
func (d *desk) realname(args ...string) (string, error) {
	d.Helper()
	cmd := exec.Command(binary, append(args, "--url", d.at.URL)...)
	cmd.Dir = d.dir
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (d *desk) mustRealname(args ...string) string {
	d.Helper()
	out, err := d.realname(args...)
	if err != nil {
		d.Fatalf("realname %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

func TestRootsAreAddedRotatedAndRetired(t *testing.T) {
	p := crowded(t) // each card belongs to another enterprise
	d := newDesk(t, p)
	d.root("old")
	d.root("new")
	trust := func(root string) string {
		out := d.mustRealname("card", "roots", "add", root+".pem", "--crl", d.list.URL+"/"+root+".crl")
		_, fingerprint, _ := strings.Cut(out, "fingerprint ")
		return strings.TrimSpace(fingerprint)
	}
	answer := func(root string) answer {
		c := p.clerkOf(t, world.Pass)
		d.card("card", root, c.who)
		s := c.beginCard()
		return c.answerCard(s.Id, d.sign("card", c.challenge(s.Id)))
	}
	if a := answer("old"); a.problem(t).Code != "card_issuer_unknown" {
		t.Fatalf("before it was trusted: %d %s", a.Status, a.Body)
	}
	old := trust("old")
	eventually(t, func() bool { return answer("old").Status == 200 }, "a new root counts")
	trust("new")
	eventually(t, func() bool { return answer("new").Status == 200 && answer("old").Status == 200 }, "both roots count")
	d.mustRealname("card", "roots", "retire", old[:12])
	eventually(t, func() bool { return answer("old").Status == 422 && answer("new").Status == 200 },
		"the retired root counts no more")
	list := d.mustRealname("card", "roots", "list")
	if strings.Contains(list, old) || !strings.Contains(list, "CN=new") {
		t.Errorf("list:\n%s", list)
	}
	if all := d.mustRealname("card", "roots", "list", "--all"); !strings.Contains(all, old) ||
		!strings.Contains(all, "retired") {
		t.Errorf("list of all:\n%s", all)
	}
}

// eventually waits until the condition holds. Cached settings delay it.
func eventually(t *testing.T, holds func() bool, what string) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !holds(); {
		if time.Now().After(end) {
			t.Fatalf("in vain: %s", what)
		}
		time.Sleep(250 * time.Millisecond) // an account gets 50 challenges a day
	}
}

func TestInspectSaysWhyACertificateIsAcceptedOrRefused(t *testing.T) {
	p := only(t)
	d := newDesk(t, p)
	e := p.take(t, world.Pass)
	d.root("ca")
	d.card("card", "ca", e)
	out := d.mustRealname("card", "inspect", "card.pem", "--uscc", e.USCC)
	for _, want := range []string{"REFUSED with card_issuer_unknown", "ok       validity", e.USCC, "SM2"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in\n%s", want, out)
		}
	}
	d.mustRealname("card", "roots", "add", "ca.pem", "--crl", d.list.URL+"/ca.crl")
	if out := d.mustRealname("card", "inspect", "card.pem", "--uscc", e.USCC); !strings.Contains(out, "ACCEPTED") {
		t.Errorf("got\n%s", out)
	}
	var read struct {
		Certificate struct{ Enterprise []struct{ Value string } }
		Checks      []struct{ Check, Result string }
		Code        string
	}
	if err := json.Unmarshal([]byte(d.mustRealname("card", "inspect", "card.pem", "--uscc", e.USCC, "--json")),
		&read); err != nil || read.Code != "" || len(read.Checks) < 5 || read.Certificate.Enterprise[0].Value != e.USCC {
		t.Errorf("%v %+v", err, read)
	}
	other := p.take(t, world.Pass)
	mismatch := d.mustRealname("card", "inspect", "card.pem", "--uscc", other.USCC)
	if !strings.Contains(mismatch, "REFUSED with card_enterprise_mismatch") ||
		!strings.Contains(mismatch, "ok       revocation") {
		t.Errorf("got\n%s", mismatch)
	}
	if err := os.Remove(filepath.Join(d.dir, "ca.crl")); err != nil {
		t.Fatal(err)
	}
	if out := d.mustRealname("card", "inspect", "card.pem"); !strings.Contains(out, "REFUSED with card_crl_unavailable") {
		t.Errorf("got\n%s", out)
	}
}

func TestPolicyIsChangedAndBadTrustMaterialIsRefused(t *testing.T) {
	p := only(t)
	d := newDesk(t, p)
	c := p.clerkOf(t, world.Pass)
	s := c.beginCard()
	old := c.insert("rsa_sha1")
	c.wants(c.answerCard(s.Id, old.sign(c.challenge(s.Id))), 422, "card_sha1_not_accepted")
	if out := d.mustRealname("card", "policy", "--sha1", "on", "--json"); !strings.Contains(out, `"sha1": true`) {
		t.Errorf("got\n%s", out)
	}
	eventually(t, func() bool { return c.answerCard(s.Id, old.sign(c.challenge(s.Id))).Status == 200 },
		"SHA-1 is accepted")

	d.root("ca")
	d.card("card", "ca", p.take(t, world.Pass))
	for _, bad := range [][]string{
		{"card", "roots", "add", "card.pem", "--no-crl"},
		{"card", "roots", "add", "ca.pem"},
		{"card", "roots", "add", "ca.pem", "--crl", "file:///etc/passwd"},
		{"card", "roots", "add", "ca.key", "--no-crl"},
		{"card", "roots", "retire", "00000000"},
		{"card", "policy", "--attribute", "2.5.4.97=color"},
		{"card", "policy", "--min-rsa-bits", "512"},
	} {
		if out, err := d.realname(bad...); err == nil {
			t.Errorf("%s: %s", strings.Join(bad, " "), out)
		}
	}
	if out := d.mustRealname("card", "policy"); !strings.Contains(out, "--min-rsa-bits  2048") ||
		!strings.Contains(out, "2.5.4.97=uscc") {
		t.Errorf("got\n%s", out)
	}
}
