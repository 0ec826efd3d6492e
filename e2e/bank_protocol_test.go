package e2e

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"realname/e2e/world"
)

// signer acts as a bank. It signs with the OpenSSL command line and the keys
// that docs/bank-integration.md publishes.
type signer struct {
	testing.TB
	at           *place
	bank, serial string
	algorithm    string
	key          string // file name
	openssl      []string
	nonces       int
}

func bankBy(t testing.TB, at *place, bank string) *signer {
	t.Helper()
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("OpenSSL's command line is not installed: callbacks signed with it are not tested")
	}
	text, err := os.ReadFile("../docs/bank-integration.md")
	if err != nil {
		t.Fatal(err)
	}
	s := &signer{
		TB: t, at: at, bank: bank, serial: bank + "-SANDBOX-1", algorithm: "SM2-SM3",
		openssl: []string{"-sm3", "-sigopt", "distid:1234567812345678"},
	}
	if bank == "CCB" {
		s.algorithm, s.openssl = "RSA-SHA256", []string{"-sha256"}
	}
	_, rest, _ := strings.Cut(string(text), "`RN-Serial` = `"+s.serial+"`")
	_, rest, _ = strings.Cut(rest, "```pem\n")
	pem, _, found := strings.Cut(rest, "```")
	if !found {
		t.Fatalf("the document has no key of %s", bank)
	}
	s.key = filepath.Join(t.TempDir(), "key.pem")
	if err := os.WriteFile(s.key, []byte(pem), 0o600); err != nil {
		t.Fatal(err)
	}
	return s
}

// callback is one callback that is ready to send.
type callback struct {
	bank, timestamp, nonce, serial, algorithm, signature string
	body                                                 []byte
}

// sign signs a body with the current time and a new nonce. change alters the
// signed values.
func (s *signer) sign(body []byte, change func(*callback)) callback {
	s.Helper()
	s.nonces++
	c := callback{
		bank: s.bank, serial: s.serial, algorithm: s.algorithm, body: body,
		timestamp: strconv.FormatInt(time.Now().Unix(), 10), nonce: fmt.Sprintf("%x%d", time.Now().UnixNano(), s.nonces),
	}
	if change != nil {
		change(&c)
	}
	cmd := exec.Command("openssl", append(append([]string{"dgst"}, s.openssl...), "-sign", s.key)...)
	cmd.Stdin = strings.NewReader(c.timestamp + "\n" + c.nonce + "\n" + string(c.body) + "\n")
	var trouble bytes.Buffer
	cmd.Stderr = &trouble
	raw, err := cmd.Output()
	if err != nil {
		s.Fatalf("openssl: %v\n%s", err, trouble.String())
	}
	c.signature = base64.StdEncoding.EncodeToString(raw)
	return c
}

// send posts the callback and validates the exchange against the contract.
func (s *signer) send(c callback) answer {
	s.Helper()
	caller := &clerk{TB: s.TB, at: s.at}
	return caller.do("POST", "/v1/bank-callbacks/"+c.bank, c.body,
		"RN-Timestamp", c.timestamp, "RN-Nonce", c.nonce, "RN-Serial", c.serial, "RN-Signature-Type", c.algorithm,
		"RN-Signature", c.signature)
}

// refused sends the callback and expects the problem.
func (s *signer) refused(c callback, status int, code string) {
	s.Helper()
	(&clerk{TB: s.TB}).wants(s.send(c), status, code)
}

func (s *signer) accepted(c callback) {
	s.Helper()
	if a := s.send(c); a.Status != http.StatusOK || string(a.Body) != `{"received":true}` {
		s.Fatalf("%d %s", a.Status, a.Body)
	}
}

// result is the body of a callback about the clerk's enterprise.
func (c *clerk) result(request, result string, change func(body map[string]any)) []byte {
	c.Helper()
	body := map[string]any{
		"requestId": request, "result": result, "reason": "", "certificateSerial": "5A4E8D10",
		"completedAt": time.Now().Format(time.RFC3339),
		"enterprise":  map[string]any{"name": c.who.Name, "uscc": c.who.USCC, "orgCode": c.who.OrgCode},
	}
	if change != nil {
		change(body)
	}
	raw, err := json.Marshal(body)
	if err != nil {
		c.Fatal(err)
	}
	return raw
}

func TestACallbackSignedByOpenSSLIsAcceptedAndWithAnyByteChangedRefused(t *testing.T) {
	for _, bank := range []string{"CCB", "ABC"} {
		t.Run(bank, func(t *testing.T) {
			t.Parallel()
			s := bankBy(t, shared, bank)
			c := shared.clerkOf(t, world.Pass)
			session := c.beginBank()
			good := s.sign(c.result(c.handOver(session.Id, bank).Fields["requestId"], "PASS", nil), nil)
			tried := 0
			for name, part := range map[string]func(*callback) *string{
				"timestamp": func(c *callback) *string { return &c.timestamp },
				"nonce":     func(c *callback) *string { return &c.nonce },
				"serial":    func(c *callback) *string { return &c.serial },
				"type":      func(c *callback) *string { return &c.algorithm },
				"signature": func(c *callback) *string { return &c.signature },
			} {
				for i := range *part(&good) {
					bad := good
					p := part(&bad)
					*p = (*p)[:i] + string((*p)[i]^1) + (*p)[i+1:]
					s.unproven(s.send(bad), name, i)
					tried++
				}
			}
			for i := range good.body {
				bad := good
				bad.body = bytes.Clone(good.body)
				bad.body[i] ^= 1
				s.unproven(s.send(bad), "body", i)
				tried++
			}
			for what, body := range map[string][]byte{
				"longer": append(bytes.Clone(good.body), ' '), "shorter": good.body[:len(good.body)-1], "empty": {},
			} {
				bad := good
				bad.body = body
				s.unproven(s.send(bad), what, 0)
			}
			if now := c.get("/v1/sessions/" + session.Id).session(t); now.Status != "requires_input" || now.LastError != nil {
				t.Errorf("%d changed callbacks changed the session: %+v", tried, now)
			}
			s.accepted(good)
			c.becomes(session.Id, "verified")
		})
	}
}

func (s *signer) unproven(a answer, what string, at int) {
	s.Helper()
	if a.Status != http.StatusUnauthorized {
		s.Errorf("%s, byte %d changed: %d %s", what, at, a.Status, a.Body)
	}
}

func TestEachRefusedCallbackHasItsCodeAndChangesNothing(t *testing.T) {
	s, abc := bankBy(t, shared, "CCB"), bankBy(t, shared, "ABC")
	c := shared.clerkOf(t, world.Pass)
	session := c.beginBank()
	request := c.handOver(session.Id, "CCB").Fields["requestId"]
	body := c.result(request, "PASS", nil)
	clock := func(off int64) func(*callback) {
		return func(c *callback) { c.timestamp = strconv.FormatInt(time.Now().Unix()+off, 10) }
	}
	with := func(change func(map[string]any)) []byte { return c.result(request, "PASS", change) }
	set := func(field string, value any) []byte { return with(func(b map[string]any) { b[field] = value }) }
	enterprise := func(field, value string) []byte {
		return with(func(b map[string]any) { b["enterprise"].(map[string]any)[field] = value })
	}
	elsewhere := abc.sign(body, nil)
	foreign := elsewhere
	foreign.bank, foreign.serial = "CCB", "CCB-SANDBOX-1"
	unknownBank := s.sign(body, nil)
	unknownBank.bank = "XYZ"
	before := c.untouched(session.Id)
	for name, v := range map[string]struct {
		send   callback
		status int
		code   string
	}{
		"another bank's key": {foreign, 401, "bank_signature_invalid"},
		"another bank":       {elsewhere, 403, "bank_not_requested"},
		"unknown serial": {
			s.sign(body, func(c *callback) { c.serial = "CCB-SANDBOX-2" }), 401, "bank_serial_unknown",
		},
		"too old":              {s.sign(body, clock(-302)), 401, "bank_clock_skew"},
		"too early":            {s.sign(body, clock(+900)), 401, "bank_clock_skew"},
		"unknown bank":         {unknownBank, 404, "not_found"},
		"unknown request":      {s.sign(set("requestId", session.Id+".7"), nil), 404, "bank_request_unknown"},
		"no request":           {s.sign(set("requestId", "no-such-thing"), nil), 404, "bank_request_unknown"},
		"another name":         {s.sign(enterprise("name", "河北其他贸易有限公司"), nil), 422, "bank_enterprise_mismatch"},
		"another code":         {s.sign(enterprise("uscc", "91130100MA0R01NM09"), nil), 422, "bank_enterprise_mismatch"},
		"another organization": {s.sign(enterprise("orgCode", "MA0R01NM0"), nil), 422, "bank_enterprise_mismatch"},
		"lower case": {
			s.sign(enterprise("uscc", strings.ToLower(c.who.USCC)), nil), 422, "bank_enterprise_mismatch",
		},
		"unknown field":        {s.sign(set("more", 1), nil), 400, "invalid_request"},
		"unknown result":       {s.sign(set("result", "MAYBE"), nil), 400, "invalid_request"},
		"result in lower case": {s.sign(set("result", "pass"), nil), 400, "invalid_request"},
		"no enterprise": {
			s.sign(with(func(b map[string]any) { delete(b, "enterprise") }), nil), 400, "invalid_request",
		},
		"field twice": {
			s.sign(bytes.Replace(body, []byte(`"result":"PASS"`), []byte(`"result":"FAIL","result":"PASS"`), 1), nil),
			400, "invalid_request",
		},
		"field in capitals": {
			s.sign(bytes.Replace(body, []byte(`"result"`), []byte(`"Result"`), 1), nil), 400, "invalid_request",
		},
		"time that is none":        {s.sign(set("completedAt", "yesterday"), nil), 400, "invalid_request"},
		"certificate that is none": {s.sign(set("certificateSerial", "<script>"), nil), 400, "invalid_request"},
		"two values":               {s.sign(append(bytes.Clone(body), body...), nil), 400, "invalid_request"},
		"no JSON":                  {s.sign([]byte("PASS"), nil), 400, "invalid_request"},
		"too large": {
			s.sign(append(bytes.Clone(body), bytes.Repeat([]byte(" "), 16*1024)...), nil), 413, "body_too_large",
		},
	} {
		t.Run(name, func(t *testing.T) {
			in := *s
			in.TB = t
			in.refused(v.send, v.status, v.code)
			if after := c.untouched(session.Id); after != before {
				t.Errorf("the session changed\nfrom %s\nto   %s", before, after)
			}
		})
	}
	oldest := int64(-299)
	if !shared.embedded {
		oldest = -200 // a deployed function may take more than a second to start
	}
	good := s.sign(body, clock(oldest))
	s.accepted(good)
	s.accepted(good)              // the identical callback
	s.accepted(s.sign(body, nil)) // with a new signature
	c.becomes(session.Id, "verified")
	s.refused(s.sign(c.result(request, "FAIL", nil), nil), 409, "bank_result_conflict")
	s.refused(s.sign(set("completedAt", "2026-01-01T00:00:00Z"), func(c *callback) { c.nonce = good.nonce }),
		409, "bank_nonce_replayed")
	c.audited("bank_not_requested", "bank_enterprise_mismatch", "bank_result_conflict")
}

// untouched returns the session without the latest refusal that its user sees.
func (c *clerk) untouched(session string) string {
	c.Helper()
	s := c.get("/v1/sessions/" + session).session(c)
	s.LastError = nil
	raw, err := json.Marshal(s)
	if err != nil {
		c.Fatal(err)
	}
	return string(raw)
}

// audited expects audit entries with these codes about callbacks in the table.
func (c *clerk) audited(codes ...string) {
	c.Helper()
	if !c.at.embedded {
		return
	}
	dump := string(c.get("/sandbox/dump").Body)
	for _, code := range codes {
		if !strings.Contains(dump, code) {
			c.Errorf("no entry of %s", code)
		}
	}
}

func TestALateCallbackIsRecordedAndNotApplied(t *testing.T) {
	s := bankBy(t, shared, "ABC")
	c := shared.clerkOf(t, world.Pass)
	session := c.beginBank()
	late := s.sign(c.result(c.handOver(session.Id, "ABC").Fields["requestId"], "PASS", nil), nil)
	c.delete("/v1/sessions/" + session.Id)
	before := c.untouched(session.Id)
	s.refused(late, 409, "bank_request_closed")
	if after := c.untouched(session.Id); after != before {
		t.Errorf("the session changed\nfrom %s\nto   %s", before, after)
	}
	c.becomes(session.Id, "canceled")
	c.audited("bank_callback_late")
}

func TestNameOfACallbackIsComparedWhateverItsWidth(t *testing.T) {
	s := bankBy(t, shared, "CCB")
	c := shared.clerkOf(t, world.Pass)
	session := c.beginBank()
	request := c.handOver(session.Id, "CCB").Fields["requestId"]
	s.accepted(s.sign(c.result(request, "PASS", func(b map[string]any) {
		b["enterprise"].(map[string]any)["name"] = "　" + strings.ReplaceAll(c.who.Name, "贸易", " 贸易 ")
		b["reason"] = nil
		delete(b, "certificateSerial")
	}), nil))
	c.becomes(session.Id, "verified")
}

func TestABanksOwnWordsGoNoFurther(t *testing.T) {
	s := bankBy(t, shared, "CCB")
	c := shared.clerkOf(t, world.Pass)
	session := c.beginBank()
	const words = "身份证1101011990CANARY经办人张三"
	s.accepted(s.sign(c.result(c.handOver(session.Id, "CCB").Fields["requestId"], "FAIL",
		func(b map[string]any) { b["reason"] = words }), nil))
	a := c.get("/v1/sessions/" + session.Id)
	if e := a.session(t).LastError; e == nil || *e.Reason != "UNSPECIFIED" || !strings.Contains(e.Detail, "开户银行") {
		t.Errorf("%+v", e)
	}
	for where, text := range map[string]string{
		"session": string(a.Body), "table": string(c.get("/sandbox/dump").Body), "log": shared.log.String(),
	} {
		if strings.Contains(text, "CANARY") {
			t.Errorf("the bank's words are in the %s", where)
		}
	}
}
