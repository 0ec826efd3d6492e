package eport_test

import (
	"context"
	"encoding/pem"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emmansun/gmsm/smx509"

	"realname/shared/eport"
	"realname/shared/realname"
)

// lab makes keys, certificates, lists and signatures with the OpenSSL command
// line, so that the code under test does not make its own input.
type lab struct {
	*testing.T
	dir   string
	now   time.Time
	lists *httptest.Server
	asked atomic.Int64   // number of fetched lists
	keys  map[string]int // number of keys by kind
}

// pool holds the keys and roots that OpenSSL has made. The keys of one lab
// differ from each other. The next lab gets the same keys, so that OpenSSL
// makes each only once.
var pool = struct {
	keys  map[string][][]byte // by kind
	roots map[string][]byte   // by all inputs of a root
}{map[string][][]byte{}, map[string][]byte{}}

// The enterprise of all tests.
var enterprise = realname.CardEnterprise{USCC: "91130100MA0R01NM09", OrgCode: "MA0R01NM0", Name: "河北安达进出口贸易有限公司"}

const (
	subject   = "/C=CN/O=河北安达进出口贸易有限公司/organizationIdentifier=91130100MA0R01NM09/CN=河北安达进出口贸易有限公司"
	challenge = "hxJ0nZQm4m3oYk8lq3Vt1s7bC9dE2fG5hJ8kL0mN1pQ"
	distID    = "distid:1234567812345678"

	signing    = "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,nonRepudiation\n"
	authority  = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n"
	encryption = "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,keyEncipherment,dataEncipherment\n"
)

func newLab(t *testing.T) *lab {
	t.Helper()
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("the openssl command is not installed")
	}
	l := &lab{T: t, dir: t.TempDir(), now: time.Now().Add(time.Hour), keys: map[string]int{}}
	l.lists = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l.asked.Add(1)
		http.ServeFile(w, r, filepath.Join(l.dir, filepath.Base(r.URL.Path)))
	}))
	t.Cleanup(l.lists.Close)
	return l
}

func (l *lab) path(name string) string { return filepath.Join(l.dir, name) }

func (l *lab) openssl(stdin string, args ...string) []byte {
	l.Helper()
	cmd := exec.Command("openssl", args...)
	cmd.Dir = l.dir
	cmd.Stdin = strings.NewReader(stdin)
	var errors strings.Builder
	cmd.Stderr = &errors
	out, err := cmd.Output()
	if err != nil {
		l.Fatalf("openssl %s: %v\n%s", strings.Join(args, " "), err, errors.String())
	}
	return out
}

func (l *lab) write(name, text string) {
	l.Helper()
	if err := os.WriteFile(l.path(name), []byte(text), 0o600); err != nil {
		l.Fatal(err)
	}
}

func (l *lab) read(name string) []byte {
	l.Helper()
	raw, err := os.ReadFile(l.path(name))
	if err != nil {
		l.Fatal(err)
	}
	return raw
}

// key writes the lab's next key of the kind: rsa, rsa1024, rsa512… or sm2, or p256.
func (l *lab) key(name, kind string) {
	l.Helper()
	n := l.keys[kind]
	l.keys[kind]++
	if n == len(pool.keys[kind]) {
		pool.keys[kind] = append(pool.keys[kind], l.makeKey(kind))
	}
	l.write(name+".key", string(pool.keys[kind][n]))
	l.write(name+".kind", kind)
}

func (l *lab) makeKey(kind string) []byte {
	l.Helper()
	switch kind {
	case "sm2":
		return l.openssl("", "ecparam", "-name", "SM2", "-genkey", "-noout")
	case "p256":
		return l.openssl("", "ecparam", "-name", "prime256v1", "-genkey", "-noout")
	case "rsa":
		return l.openssl("", "genrsa", "2048")
	default:
		return l.openssl("", "genrsa", strings.TrimPrefix(kind, "rsa"))
	}
}

// digest returns the options with which the named key signs.
func (l *lab) digest(name string) []string {
	l.Helper()
	if string(l.read(name+".kind")) == "sm2" {
		return []string{"-sm3", "-sigopt", distID}
	}
	return []string{"-sha256"}
}

// issue makes a key and its certificate, signed by the issuer, or self-signed
// if the issuer is "". The signing command gets the additional arguments.
func (l *lab) issue(name, kind, subject, extensions, issuer string, more ...string) {
	l.Helper()
	l.key(name, kind)
	root := fmt.Sprint(name, l.keys[kind], kind, subject, extensions, more)
	if issuer == "" && pool.roots[root] != nil {
		l.write(name+".pem", string(pool.roots[root]))
		return
	}
	l.write(name+".ext", extensions)
	request := append([]string{"req", "-new", "-utf8", "-key", name + ".key", "-subj", subject, "-out", name + ".csr"},
		l.digest(name)...)
	l.openssl("", request...)
	sign := []string{
		"x509", "-req", "-in", name + ".csr", "-extfile", name + ".ext", "-days", "3650", "-out", name + ".pem",
		"-set_serial", fmt.Sprintf("0x51%x", len(name)*1000+int(name[0])), "-vfyopt", distID,
	}
	if kind != "sm2" {
		sign = sign[:len(sign)-2]
	}
	signer := issuer
	if issuer == "" {
		signer = name
		sign = append(sign, "-key", name+".key")
	} else {
		sign = append(sign, "-CA", issuer+".pem", "-CAkey", issuer+".key")
	}
	sign = append(sign, l.digest(signer)...)
	l.openssl("", append(sign, more...)...)
	if issuer == "" {
		pool.roots[root] = l.read(name + ".pem")
	}
}

func (l *lab) der(file string) []byte {
	l.Helper()
	block, _ := pem.Decode(l.read(file))
	if block == nil {
		l.Fatalf("%s is no PEM", file)
	}
	return block.Bytes
}

func (l *lab) certificate(name string) *smx509.Certificate {
	l.Helper()
	c, err := eport.ParseCertificate(l.der(name + ".pem"))
	if err != nil {
		l.Fatal(err)
	}
	return c
}

// list publishes the issuer's revocation list with the given certificates.
func (l *lab) list(issuer string, revoked ...string) string {
	return l.listAs(issuer, issuer+".crl", "", nil, revoked...)
}

// listAs publishes a list under a name of its own, with the given extensions.
func (l *lab) listAs(issuer, file, extensions string, more []string, revoked ...string) string {
	l.Helper()
	index := ""
	for _, name := range revoked {
		c := l.certificate(name)
		index += fmt.Sprintf("R\t%s\t%s\t%s\tunknown\t/CN=x\n", c.NotAfter.UTC().Format("060102150405Z"),
			l.now.UTC().Format("060102150405Z"), eport.Describe(c).Number)
	}
	l.write("index.txt", index)
	l.write("index.txt.attr", "unique_subject = no\n")
	l.write("crlnumber", "01\n")
	l.write("ca.cnf", "[ca]\ndefault_ca=d\n"+
		"[d]\ndatabase=index.txt\ncrlnumber=crlnumber\ndefault_md=sha256\ndefault_crl_days=7\n"+
		"crl_extensions=crl_ext\n[crl_ext]\nauthorityKeyIdentifier=keyid\n"+extensions)
	args := []string{
		"ca", "-gencrl", "-config", "ca.cnf", "-cert", issuer + ".pem", "-keyfile", issuer + ".key", "-out", file + ".pem",
	}
	if string(l.read(issuer+".kind")) == "sm2" {
		args = append(args, "-md", "sm3", "-sigopt", distID)
	}
	l.openssl("", append(args, more...)...)
	l.openssl("", "crl", "-in", file+".pem", "-outform", "DER", "-out", file)
	return l.lists.URL + "/" + file
}

// sign signs the challenge with the key, using the key's own digest or the
// given one.
func (l *lab) sign(name, message string, digest ...string) []byte {
	l.Helper()
	if digest == nil {
		digest = l.digest(name)
	}
	return l.openssl(message, append([]string{"dgst", "-sign", name + ".key"}, digest...)...)
}

// trust makes the trust material of the named authorities. The lab's server
// publishes the list of each.
func (l *lab) trust(policy eport.Policy, authorities ...string) *eport.Trust {
	l.Helper()
	var all []eport.Authority
	for _, name := range authorities {
		all = append(all,
			eport.Authority{Certificate: l.certificate(name), CRLs: []string{l.lists.URL + "/" + name + ".crl"}})
	}
	return eport.NewTrust(policy, all)
}

// verifier returns a verifier with the trust material at the lab's time.
func (l *lab) verifier(t *eport.Trust) *eport.Verifier {
	log := slog.New(slog.DiscardHandler)
	return &eport.Verifier{
		Trust: func(context.Context, *smx509.Certificate) (*eport.Trust, error) { return t, nil },
		CRLs:  &eport.CRLs{Fetch: eport.Fetch, Log: log}, Now: func() time.Time { return l.now }, Log: log,
	}
}

// judge checks the named card's signature of the challenge with the verifier.
func (l *lab) judge(v *eport.Verifier, name string, sig []byte) (realname.CardResult, error) {
	l.Helper()
	return v.CheckCard(l.Context(),
		realname.CardQuery{Certificate: l.der(name + ".pem"), Challenge: challenge, Signature: sig, Enterprise: enterprise})
}

func (l *lab) accepts(v *eport.Verifier, name string, sig []byte, evidence string) {
	l.Helper()
	result, err := l.judge(v, name, sig)
	if err != nil || result.Refusal != "" || result.Evidence.Code != evidence ||
		result.Evidence.Outcome != realname.Match {
		l.Errorf("%s: got %+v %v, want %s", name, result, err, evidence)
	}
}

func (l *lab) refuses(v *eport.Verifier, name string, sig []byte, code realname.Code) {
	l.Helper()
	result, err := l.judge(v, name, sig)
	if got := realname.CodeOf(err); got != "" {
		result.Refusal = got
	}
	if result.Refusal != code {
		l.Errorf("%s: got %+v %v, want %s", name, result, err, code)
	}
}
