package bank

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"realname/shared/bank"
	"realname/shared/realname"
)

// document is docs/bank-integration.md. The tests use its vectors and samples
// unchanged.
func document(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../../docs/bank-integration.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// block returns the first fenced block of the language after the heading or words.
func block(t *testing.T, text, after, language string) string {
	t.Helper()
	_, rest, found := strings.Cut(text, after)
	_, rest, fenced := strings.Cut(rest, "```"+language+"\n")
	inner, _, closed := strings.Cut(rest, "\n```")
	if !found || !fenced || !closed {
		t.Fatalf("no %q block after %q", language, after)
	}
	return inner
}

const (
	vectorTime  = "1780000000"
	vectorNonce = "5K8264ILTKCH16CQ2502SI8ZNMTM67VS"
)

func TestTheDocumentsCallbackVectorsAreRight(t *testing.T) {
	text := document(t)
	body := block(t, text, "### A.1", "json")
	if !json.Valid([]byte(body)) {
		t.Fatal(body)
	}
	at := time.Unix(1780000000, 0)
	for code, intro := range map[string]string{
		"CCB": "`RN-Serial` = `CCB-SANDBOX-1`", "ABC": "`RN-Serial` = `ABC-SANDBOX-1`",
	} {
		theirs := bankKeys[code]
		key, private, err := theirs.key()
		if err != nil {
			t.Fatal(err)
		}
		shown, err := bank.ParsePrivate(block(t, text, intro, "pem")+"\n", theirs.algorithm)
		if err != nil {
			t.Fatal(err)
		}
		one, _ := bank.PublicPEM(shown.Public())
		if one != key.PublicKey || !strings.Contains(intro, theirs.serial) {
			t.Errorf("%s: the document shows another key", code)
		}
		_, rest, _ := strings.Cut(text, intro)
		h, err := bank.SignCallback(key, private, at, vectorNonce, []byte(body))
		if err != nil {
			t.Fatal(err)
		}
		shownSignature := block(t, rest, "`RN-Signature` (", "")
		if theirs.algorithm == bank.RSASHA256 && h.Get(bank.HeaderSignature) != shownSignature {
			t.Errorf("%s: signature %s", code, h.Get(bank.HeaderSignature))
		}
		h.Set(bank.HeaderSignature, shownSignature)
		b := bank.Bank{Code: code, Keys: []bank.Key{key}}
		if _, err := bank.Verify(b, h, []byte(body), at); err != nil {
			t.Errorf("%s: %v", code, err)
		}
	}
}

func TestTheDocumentsHandOverVectorsAreRight(t *testing.T) {
	_, text, _ := strings.Cut(document(t), "### A.2")
	target, _ := url.Parse("https://bank.example/single-window?channel=1")
	for code, intro := range map[string]string{"CCB": "`RN-SANDBOX-RSA-1`:", "ABC": "`RN-SANDBOX-SM2-1`:"} {
		ours := ownKeys[bankKeys[code].algorithm]
		key, _, err := ours.key()
		if err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(text, intro)
		if block(t, text, intro, "pem")+"\n" != key.PublicKey {
			t.Errorf("%s: the document shows another key", code)
		}
		message := block(t, rest, "待签名串 Message:", "")
		signature, err := base64.StdEncoding.DecodeString(block(t, rest, "`signature`:", ""))
		if err != nil {
			t.Fatal(err)
		}
		fields := map[string]string{
			"requestId": "01930000-0000-7000-8000-00000000000a.1", "enterpriseName": "河北安达进出口贸易有限公司",
			"uscc": "91130100MA0R01NM09", "orgCode": "MA0R01NM0",
			"returnUrl": "https://realname.example/v1/bank-returns/" + code +
				"?requestId=01930000-0000-7000-8000-00000000000a.1",
			"timestamp": vectorTime, "nonce": "GLSUOJBZTSNNMGFUZQFVOPUUUX", "serial": ours.serial,
			"signatureType": string(ours.algorithm), "signature": "x",
		}
		made := bank.RequestMessage("POST", target, vectorTime, fields["nonce"], bank.FormBody(fields))
		if string(made) != message+"\n" {
			t.Errorf("%s: the message is\n%s", code, made)
		}
		public, err := key.Public()
		if err != nil || !ours.algorithm.Verify(public, made, signature) {
			t.Errorf("%s: the signature is wrong: %v", code, err)
		}
	}
}

// The samples run unchanged if their language is installed.
func TestTheDocumentsSamplesSign(t *testing.T) {
	text := document(t)
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	body, pem := block(t, text, "### A.1", "json"), block(t, text, "`RN-Serial` = `CCB-SANDBOX-1`", "pem")
	arguments := []string{file("ccb.pem", pem+"\n"), vectorTime, vectorNonce, file("body.json", body)}
	want := block(t, text, "`RN-Signature` (RSA", "")
	for language, run := range map[string][]string{
		"java":   {"java", file("Sign.java", block(t, text, "## B", "java"))},
		"python": {"python3", file("sign.py", block(t, text, "## B", "python"))},
	} {
		t.Run(language, func(t *testing.T) {
			if _, err := exec.LookPath(run[0]); err != nil {
				t.Skipf("%s is not installed", run[0])
			}
			if language == "python" && exec.Command("python3", "-c", "import cryptography").Run() != nil {
				t.Skip("Python's cryptography is not installed")
			}
			out, err := exec.CommandContext(t.Context(), run[0], append(run[1:], arguments...)...).CombinedOutput()
			if err != nil || strings.TrimSpace(string(out)) != want {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
	t.Run("go", func(t *testing.T) {
		sample := block(t, text, "## B", "go")
		if lines := strings.Count(sample, "\n"); lines > 12 {
			t.Errorf("the sample has %d lines", lines)
		}
		program := "package main\n\nimport (\n" +
			"\t\"crypto/rand\"\n\t\"encoding/base64\"\n\t\"encoding/pem\"\n\t\"fmt\"\n\t\"os\"\n\n" +
			"\t\"github.com/emmansun/gmsm/sm2\"\n\t\"github.com/emmansun/gmsm/smx509\"\n)\n\n" + sample +
			"\n\nfunc main() {\n\tkey, _ := os.ReadFile(os.Args[1])\n\tbody, _ := os.ReadFile(os.Args[4])\n" +
			"\ts, err := sign(key, os.Args[2], os.Args[3], body)\n\tfmt.Print(s, err)\n}\n"
		key := file("abc.pem", block(t, text, "`RN-Serial` = `ABC-SANDBOX-1`", "pem")+"\n")
		out, err := exec.CommandContext(t.Context(), "go", "run", file("main.go", program), key, vectorTime, vectorNonce,
			arguments[3]).CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		signature, derr := base64.StdEncoding.DecodeString(strings.TrimSuffix(string(out), "<nil>"))
		public, perr := abcKey(t).Public()
		if derr != nil || perr != nil ||
			!bank.SM2SM3.Verify(public, bank.CallbackMessage(vectorTime, vectorNonce, []byte(body)), signature) {
			t.Errorf("%v %v\n%s", derr, perr, out)
		}
	})
}

func abcKey(t *testing.T) bank.Key {
	key, _, err := bankKeys["ABC"].key()
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// The document lists exactly the protocol's reasons and refusals, in both
// languages.
func TestTheDocumentListsEveryReasonAndCode(t *testing.T) {
	chinese, english, found := strings.Cut(document(t), `<a id="english"></a>`)
	if !found {
		t.Fatal("no English half")
	}
	known := map[string]bool{}
	for _, r := range realname.BankReasons() {
		known[string(r)] = true
		for language, half := range map[string]string{"Chinese": chinese, "English": english} {
			if !strings.Contains(half, "`"+string(r)+"`") {
				t.Errorf("%s lacks %s", language, r)
			}
		}
	}
	for _, reason := range regexp.MustCompile("\\| `([A-Z_]{6,})` \\|").FindAllStringSubmatch(chinese, -1) {
		if !known[reason[1]] {
			t.Errorf("there is no reason %s", reason[1])
		}
	}
	for _, code := range []realname.Code{
		realname.CodeBankSignature, realname.CodeBankSerial, realname.CodeBankClock, realname.CodeBankOther,
		realname.CodeBankRequestUnknown, realname.CodeBankNonce,
		realname.CodeBankRequestClosed, realname.CodeBankResultConflict, realname.CodeBankMismatch,
		realname.CodeInvalidRequest, "body_too_large", "unsupported_media_type",
	} {
		if !strings.Contains(chinese, "`"+string(code)+"`") || !strings.Contains(english, "`"+string(code)+"`") {
			t.Errorf("%s is not in both languages", code)
		}
	}
}

func TestPublishedKeysAreKnown(t *testing.T) {
	for _, p := range []pair{
		bankKeys["CCB"], bankKeys["ABC"], bankKeys["CMBC"], ownKeys[bank.RSASHA256], ownKeys[bank.SM2SM3],
	} {
		key, _, err := p.key()
		if err != nil || !Published(key.PublicKey) {
			t.Errorf("%s: %v", p.file, err)
		}
	}
	private, err := bank.SM2SM3.GenerateKey(0)
	if err != nil {
		t.Fatal(err)
	}
	public, _ := bank.PublicPEM(private.Public())
	if Published(public) {
		t.Error("a fresh key counts as published")
	}
}
