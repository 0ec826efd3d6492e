package e2e

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"realname/api"
	"realname/e2e/world"
)

// keyedBank is a bank that replaces its key, and learns our new keys, while
// sessions run. It signs and verifies as docs/bank-integration.md says, with
// Go's own RSA.
type keyedBank struct {
	at   *place
	code string
	dir  string

	mu     sync.RWMutex // read-locked during a callback
	serial string
	key    *rsa.PrivateKey
	known  map[string]*rsa.PublicKey // our keys by serial
	before int                       // number of earlier keys
}

// renewedKey is a key in the output of realname bank rotate and bank list.
type renewedKey struct {
	Now, Before, Serial, State, Owner, PublicKey string
	From                                         time.Time
}

// keyedBank adds a bank of the test's own with its first keys.
func (p *place) keyedBank(t testing.TB, code string) *keyedBank {
	t.Helper()
	b := &keyedBank{at: p, code: code, dir: t.TempDir(), known: map[string]*rsa.PublicKey{}, serial: code + "-0"}
	file, key, err := b.newKey(0)
	if err != nil {
		t.Fatal(err)
	}
	b.key = key
	out := p.says(t, "bank", "add", code, "--name-zh", "轮换银行", "--name-en", "Bank of Rotation",
		"--entry-url", "https://bank.example/enter?from=realname",
		"--key", file, "--serial", b.serial, "--own-serial", "RN-0")
	_, shown, found := strings.Cut(out, "-----BEGIN")
	if !found {
		t.Fatalf("our key is not shown:\n%s", out)
	}
	if err := b.learn("RN-0", "-----BEGIN"+shown); err != nil {
		t.Fatal(err)
	}
	return b
}

// newKey makes the n-th key of the bank.
func (b *keyedBank) newKey(n int) (file string, key *rsa.PrivateKey, err error) {
	if key, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
		return "", nil, err
	}
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return "", nil, err
	}
	file = filepath.Join(b.dir, fmt.Sprintf("%d.pub.pem", n))
	return file, key, os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), 0o600)
}

// learn adds one of our keys to the bank.
func (b *keyedBank) learn(serial, publicPEM string) error {
	block, _ := pem.Decode([]byte(publicPEM))
	if block == nil {
		return fmt.Errorf("no key: %s", publicPEM)
	}
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return err
	}
	key, ok := parsed.(*rsa.PublicKey)
	if !ok {
		return fmt.Errorf("our key is a %T", parsed)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.known[serial] = key
	return nil
}

// verify checks the signature of a hand-over.
func (b *keyedBank) verify(form api.BankRedirect) error {
	b.mu.RLock()
	key := b.known[form.Fields["serial"]]
	b.mu.RUnlock()
	if key == nil {
		return fmt.Errorf("a hand-over is signed with %s, which the bank was not given", form.Fields["serial"])
	}
	signature, err := base64.StdEncoding.DecodeString(form.Fields["signature"])
	if err != nil {
		return err
	}
	var fields []string
	for _, name := range slices.Sorted(maps.Keys(form.Fields)) {
		if name != "signature" {
			fields = append(fields, name+"="+strings.ReplaceAll(url.QueryEscape(form.Fields[name]), "+", "%20"))
		}
	}
	message := strings.Join([]string{
		"POST", "/enter?from=realname", form.Fields["timestamp"], form.Fields["nonce"], strings.Join(fields, "&"),
	}, "\n") + "\n"
	sum := sha256.Sum256([]byte(message))
	return rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], signature)
}

// callBack sends the result, signed with the bank's current key. The key does
// not change during the callback.
func (b *keyedBank) callBack(body []byte) (answer, error) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.send(b.serial, b.key, body)
}

func (b *keyedBank) send(serial string, key *rsa.PrivateKey, body []byte) (answer, error) {
	timestamp, nonce := strconv.FormatInt(time.Now().Unix(), 10), rand.Text()
	sum := sha256.Sum256([]byte(timestamp + "\n" + nonce + "\n" + string(body) + "\n"))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		return answer{}, err
	}
	return (&clerk{at: b.at}).exchange("POST", "/v1/bank-callbacks/"+b.code, body,
		"RN-Timestamp", timestamp, "RN-Nonce", nonce,
		"RN-Serial", serial, "RN-Signature-Type", "RSA-SHA256", "RN-Signature", base64.StdEncoding.EncodeToString(signature))
}

// rotate replaces the bank's key as section 7 of docs/bank-integration.md says:
// staff register the new key, the bank switches to it, and staff retire the old
// one.
func (b *keyedBank) rotate(t testing.TB) error {
	n := b.before + 1
	serial := fmt.Sprintf("%s-%d", b.code, n)
	file, key, err := b.newKey(n)
	if err != nil {
		return err
	}
	if out, ok := b.at.commandLine(t, "bank", "rotate", b.code, "--key", file, "--serial", serial); !ok {
		return fmt.Errorf("bank rotate: %s", out)
	}
	// The answer to a callback for an unknown request shows whether the service
	// knows the key.
	probe := []byte(`{"requestId":"none.1","result":"FAIL","reason":"",` +
		`"enterprise":{"name":"x","uscc":"x","orgCode":"x"},"completedAt":"2026-01-01T00:00:00Z"}`)
	for end := time.Now().Add(30 * time.Second); ; {
		a, err := b.send(serial, key, probe)
		if err != nil {
			return err
		}
		if a.Status != http.StatusUnauthorized {
			break
		}
		if time.Now().After(end) {
			return fmt.Errorf("the new key is not known: %d %s", a.Status, a.Body)
		}
	}
	b.mu.Lock()
	old := b.serial
	b.serial, b.key, b.before = serial, key, n
	b.mu.Unlock()
	if out, ok := b.at.commandLine(t, "bank", "retire", b.code, "--serial", old); !ok {
		return fmt.Errorf("bank retire: %s", out)
	}
	return nil
}

// rotateOwn replaces our key for the bank: the bank receives the new key, the
// new key signs from its start time, and the old one ends then. rotateOwn
// returns when the new key signs.
func (b *keyedBank) rotateOwn(t testing.TB, n int) error {
	out, ok := b.at.commandLine(t, "bank", "rotate", b.code, "--own", "--own-serial", fmt.Sprintf("RN-%d", n),
		"--notice", "3s", "--overlap", "0s", "--json")
	var key renewedKey
	if !ok || json.Unmarshal([]byte(out), &key) != nil {
		return fmt.Errorf("bank rotate --own: %s", out)
	}
	if err := b.learn(key.Now, key.PublicKey); err != nil {
		return err
	}
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); {
		out, ok := b.at.commandLine(t, "bank", "list", "--json")
		var banks []struct {
			Code string
			Keys []renewedKey
		}
		if !ok || json.Unmarshal([]byte(out), &banks) != nil {
			return fmt.Errorf("bank list: %s", out)
		}
		for _, bank := range banks {
			if bank.Code == b.code &&
				slices.ContainsFunc(bank.Keys, func(k renewedKey) bool { return k.Serial == key.Before && k.State == "ended" }) {
				return nil
			}
		}
	}
	return fmt.Errorf("%s did not end", key.Before)
}

// driveBank completes a session of the bank method, outside the test's own
// goroutine: the hand-over, a wait, and the callback.
func (c *clerk) driveBank(b *keyedBank, consent string, between func()) error {
	start, err := json.Marshal(map[string]any{"method": "bank_ukey", "consentVersion": consent})
	if err != nil {
		return err
	}
	a, err := c.exchange("POST", "/v1/sessions", start)
	if err != nil || a.Status != http.StatusCreated {
		return fmt.Errorf("start: %d %s %w", a.Status, a.Body, err)
	}
	var s struct{ ID string }
	if err := json.Unmarshal(a.Body, &s); err != nil {
		return err
	}
	a, err = c.exchange("POST", "/v1/sessions/"+s.ID+"/bank-redirect", []byte(`{"bank":"`+b.code+`"}`))
	if err != nil || a.Status != http.StatusOK {
		return fmt.Errorf("bank-redirect: %d %s %w", a.Status, a.Body, err)
	}
	var form api.BankRedirect
	if err := json.Unmarshal(a.Body, &form); err != nil {
		return err
	}
	if err := b.verify(form); err != nil {
		return fmt.Errorf("session %s: %w", s.ID, err)
	}
	between()
	body, err := json.Marshal(map[string]any{
		"requestId": form.Fields["requestId"], "result": "PASS", "reason": "", "completedAt": time.Now().Format(time.RFC3339),
		"enterprise": map[string]any{"name": c.who.Name, "uscc": c.who.USCC, "orgCode": c.who.OrgCode},
	})
	if err != nil {
		return err
	}
	if a, err = b.callBack(body); err != nil || a.Status != http.StatusOK {
		return fmt.Errorf("callback: %d %s %w", a.Status, a.Body, err)
	}
	return c.verifiedSoon(s.ID)
}

// The fourth of the staff's questions: which key ends, when, and with what
// consequence.
func TestOneCommandTellsWhichBankKeyIsAboutToEnd(t *testing.T) {
	p := only(t)
	b := p.keyedBank(t, "SOON")
	left := func(out, serial string) string {
		t.Helper()
		for line := range strings.Lines(out) {
			if strings.Contains(line, "the bank's  "+serial) && strings.Contains(line, "live") {
				return line
			}
		}
		t.Fatalf("%s is not live in\n%s", serial, out)
		return ""
	}
	if line := left(p.says(t, "bank", "list"), "SOON-0"); !strings.Contains(line, "729 days left") {
		t.Error(line)
	}
	file, _, err := b.newKey(1)
	if err != nil {
		t.Fatal(err)
	}
	p.says(t, "bank", "rotate", "SOON", "--key", file, "--serial", "SOON-1", "--life", "300h")
	if line := left(p.says(t, "bank", "list"), "SOON-0"); !strings.Contains(line, "then SOON-1") {
		t.Error(line)
	}
	if line := left(p.says(t, "bank", "list"), "SOON-1"); !strings.Contains(line, "expires in 12 days, no successor") {
		t.Error(line)
	}
	// Our new key would begin after the old one has ended, and no hand-over could
	// be signed in between.
	p.says(t, "bank", "rotate", "SOON", "--own", "--own-serial", "RN-1", "--notice", "0s", "--overlap", "0s",
		"--life", "100h")
	for flag, why := range map[string]string{
		"--overlap=-1h": "--overlap: want at least 0s", "--notice=-1h": "--notice: want at least 0s",
		"--serial=X": "give both or neither",
	} {
		if out, ok := p.commandLine(t, "bank", "rotate", "SOON", "--own", flag); ok || !strings.Contains(out, why) {
			t.Errorf("%s: %s", flag, out)
		}
	}
	if out, ok := p.commandLine(t, "bank", "rotate", "SOON", "--own", "--own-serial", "RN-2"); ok ||
		!strings.Contains(out, "key RN-1 expires") {
		t.Error(out)
	}
	// A hand-over reports to CloudWatch the key that ends first, which is ours.
	c := p.clerkOf(t, world.Pass)
	c.handOver(c.beginBank().Id, "SOON")
	eventually(t, func() bool { return p.logged(`"BankKeyDays":4,`) == 1 }, "one line says that four days are left")
	third, _, err := b.newKey(2)
	if err != nil {
		t.Fatal(err)
	}
	if out, ok := p.commandLine(t, "bank", "rotate", "SOON", "--key", third, "--serial", "SOON-2"); ok ||
		!strings.Contains(out, "at most 2 are allowed") {
		t.Error(out)
	}
}
