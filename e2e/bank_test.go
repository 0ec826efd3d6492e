package e2e

import (
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"realname/api"
	"realname/e2e/world"
)

// beginBank starts a session of the bank method.
func (c *clerk) beginBank() api.Session {
	c.Helper()
	return c.beginBy("bank_ukey")
}

// handOver chooses a bank and returns the form that leads there.
func (c *clerk) handOver(session, bank string) api.BankRedirect {
	c.Helper()
	var form api.BankRedirect
	a := c.post("/v1/sessions/"+session+"/bank-redirect", map[string]any{"bank": bank})
	if a.Status != http.StatusOK || json.Unmarshal(a.Body, &form) != nil {
		c.Fatalf("bank-redirect: %d %s", a.Status, a.Body)
	}
	return form
}

// page is a page of the bank in the clerk's browser.
type page struct {
	url, text string
}

// open posts a form, or gets a page if there are no fields, and follows
// redirects.
func (c *clerk) open(method, address string, fields map[string]string) page {
	c.Helper()
	sent := url.Values{}
	for name, value := range fields {
		sent.Set(name, value)
	}
	r, err := http.NewRequestWithContext(c.Context(), method, address, strings.NewReader(sent.Encode()))
	if err != nil {
		c.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := client.Do(r)
	if err != nil {
		c.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }() // the test reads the whole body
	raw, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		c.Fatalf("%s: %d %v\n%s", address, answer.StatusCode, err, raw)
	}
	return page{answer.Request.URL.String(), html.UnescapeString(string(raw))}
}

// atBank goes through the sandbox bank's pages up to the last one.
func (c *clerk) atBank(form api.BankRedirect, certificate, trouble string) page {
	c.Helper()
	p := c.open("POST", form.Url, form.Fields)
	p = c.open("POST", p.url, map[string]string{"action": "certificate", "certificate": certificate})
	for _, shown := range []string{c.who.Name, c.who.USCC, c.who.OrgCode, "单一窗口企业实名认证"} {
		if !strings.Contains(p.text, shown) {
			c.Fatalf("the bank does not show %q:\n%s", shown, p.text)
		}
	}
	p = c.open("POST", p.url, map[string]string{"action": "verify", "trouble": trouble})
	return c.open("POST", p.url, map[string]string{"action": "password", "password": "123456"})
}

// comesBack follows the bank's link to the Single Window.
func (c *clerk) comesBack(p page) page {
	c.Helper()
	link := regexp.MustCompile(`class="button" href="([^"]+)"`).FindStringSubmatch(p.text)
	if link == nil {
		c.Fatalf("no way back from\n%s", p.text)
	}
	return c.open("GET", link[1], nil)
}

// seesResult expects the browser to return to the session's result. If the
// pages are built, the browser suite checks their text. Otherwise, the function
// shows a page of its own.
func (c *clerk) seesResult(p page, session string, words ...string) {
	c.Helper()
	if !c.at.embedded {
		return
	}
	if u, err := url.Parse(p.url); err == nil && u.Path == "/bank-result" {
		if got := u.Query(); len(got) != 2 || got.Get("session") != session ||
			!strings.HasPrefix(got.Get("request"), session+".") {
			c.Errorf("the result page is asked for %v", got)
		}
		return
	}
	for _, text := range words {
		if !strings.Contains(p.text, text) {
			c.Errorf("the result page does not say %q:\n%s", text, p.text)
		}
	}
}

func TestEnterpriseIsVerifiedByEachBankAndItsHolderIsNext(t *testing.T) {
	for bank, name := range map[string]string{"CCB": "建设银行", "ABC": "农业银行", "CMBC": "民生银行"} {
		t.Run(bank, func(t *testing.T) {
			c := shared.clerkOf(t, world.Pass)
			s := c.beginBank()
			back := c.comesBack(c.atBank(c.handOver(s.Id, bank), "own", ""))
			c.seesResult(back, s.Id, "认证结果：已通过企业实名认证！", "认证方式："+name)
			s = c.becomes(s.Id, "verified")
			if step := s.Steps[0]; s.Enterprise.Name != c.who.Name || step.Bank == nil || step.Bank.Code != bank ||
				step.Bank.ShortName != name || step.Outcome != "passed" {
				t.Errorf("%+v", s)
			}
			if en := c.get("/v1/sessions/"+s.Id, "Accept-Language", "en").session(t); en.Steps[0].Bank.Name == step(s).Name {
				t.Errorf("English is %+v", en.Steps[0].Bank)
			}
			c.holderIsNext()
		})
	}
}

func step(s api.Session) api.StepBank { return *s.Steps[0].Bank }

// holderIsNext expects that the bank verified the enterprise, and verifies the
// holder.
func (c *clerk) holderIsNext() {
	c.Helper()
	var m api.Methods
	if a := c.get("/v1/methods"); json.Unmarshal(a.Body, &m) != nil || m.Aspects.Enterprise.State != "passed" ||
		*m.Aspects.Enterprise.Method != "bank_ukey" || m.Aspects.Holder.State != "not_passed" {
		c.Fatalf("%s", a.Body)
	}
	for _, card := range m.Methods {
		want := map[api.Method]bool{
			"bank_ukey": false, "account_holder": true, "ic_card": true, "legal_representative": true,
		}[card.Method]
		if card.Applicable != want || (card.State == "passed") != (card.Method == "bank_ukey") {
			c.Errorf("%+v", card)
		}
	}
	s := c.beginBy("account_holder")
	c.passes(s.Id, "account-holder", c.accountHolder())
	c.becomes(s.Id, "verified")
	c.bothAspectsPassed()
}

func TestBanksRefusalIsToldInWordsAndLeavesTheSessionOpen(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	s := c.beginBank()
	for certificate, want := range map[string]struct{ reason, words string }{
		"expired":  {"CERTIFICATE_EXPIRED", "过期"},
		"other":    {"ENTERPRISE_MISMATCH", "不一致"},
		"personal": {"NOT_CORPORATE", "对公账户"},
	} {
		back := c.comesBack(c.atBank(c.handOver(s.Id, "ABC"), certificate, ""))
		c.seesResult(back, s.Id, "认证结果：未通过")
		s = c.get("/v1/sessions/" + s.Id).session(t)
		e := s.LastError
		if s.Status != "requires_input" || e == nil || e.Code != "bank_refused" ||
			e.Reason == nil || *e.Reason != want.reason || !strings.Contains(e.Detail, want.words) || len(e.Alternatives) != 2 ||
			len(e.Causes) != 0 {
			t.Fatalf("%s: %+v %+v", certificate, s, e)
		}
	}
	if s.Steps[0].AttemptsLeft != 2 {
		t.Errorf("%d tries left", s.Steps[0].AttemptsLeft)
	}
	c.open("POST", c.open("POST", c.handOver(s.Id, "ABC").Url, c.handOver(s.Id, "ABC").Fields).url,
		map[string]string{"action": "cancel"})
	s = c.get("/v1/sessions/" + s.Id).session(t)
	if *s.LastError.Reason != "USER_CANCELED" || s.Steps[0].AttemptsLeft != 2 {
		t.Errorf("%+v", s)
	}
	c.atBank(c.handOver(s.Id, "CCB"), "own", "")
	c.becomes(s.Id, "verified")
}

func TestTheUKeysPasswordIsAskedThreeTimes(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	s := c.beginBank()
	form := c.handOver(s.Id, "CMBC")
	p := c.open("POST", form.Url, form.Fields)
	p = c.open("POST", p.url, map[string]string{"action": "certificate", "certificate": "own"})
	p = c.open("POST", p.url, map[string]string{"action": "verify"})
	for range 3 {
		p = c.open("POST", p.url, map[string]string{"action": "password", "password": "000000"})
	}
	if s = c.get("/v1/sessions/" + s.Id).session(t); s.LastError == nil || *s.LastError.Reason != "PASSWORD_LOCKED" {
		t.Errorf("%+v\n%s", s, p.text)
	}
}

func TestTroubleAtTheBank(t *testing.T) {
	for trouble, want := range map[string]struct{ answer, status, code string }{
		"wrong_signature":  {"401", "requires_input", ""},
		"other_enterprise": {"422", "requires_input", "bank_enterprise_mismatch"},
		"never":            {"", "requires_input", ""},
		"duplicate":        {"200", "verified", ""},
	} {
		t.Run(trouble, func(t *testing.T) {
			t.Parallel()
			c := shared.clerkOf(t, world.Pass)
			s := c.beginBank()
			p := c.atBank(c.handOver(s.Id, "CCB"), "own", trouble)
			for end := time.Now().Add(10 * time.Second); want.answer != "" &&
				!strings.Contains(p.text, "<code>"+want.answer+"</code>"); {
				if time.Now().After(end) {
					t.Fatalf("the bank was never answered %s\n%s", want.answer, p.text)
				}
				p = c.open("GET", p.url, nil)
			}
			c.comesBack(p)
			s = c.becomes(s.Id, want.status)
			if want.code == "" && s.LastError != nil ||
				want.code != "" && (s.LastError == nil || string(s.LastError.Code) != want.code || len(s.LastError.Causes) == 0) {
				t.Errorf("%+v", s.LastError)
			}
			if want.status != "verified" { // the user tries again
				c.atBank(c.handOver(s.Id, "CCB"), "own", "")
				c.becomes(s.Id, "verified")
			}
		})
	}
}

func TestAChangedHandOverIsRefusedByTheBank(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	form := c.handOver(c.beginBank().Id, "CCB")
	for name := range form.Fields {
		fields := url.Values{}
		for n, v := range form.Fields {
			fields.Set(n, v)
		}
		fields.Set(name, fields.Get(name)+"1")
		answer, err := client.PostForm(form.Url, fields)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close() // the test needs only the status
		if answer.StatusCode != http.StatusBadRequest {
			t.Errorf("%s changed: %d", name, answer.StatusCode)
		}
	}
}

func TestTheReturnDecidesNothing(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	s := c.beginBank()
	form := c.handOver(s.Id, "CCB")
	for _, query := range []string{"", "&result=PASS", "&status=verified", "&requestId=" + form.Fields["requestId"]} {
		c.open("GET", form.Fields["returnUrl"]+query, nil)
	}
	if s = c.get("/v1/sessions/" + s.Id).session(t); s.Status != "requires_input" || s.LastError != nil {
		t.Errorf("%+v", s)
	}
	anonymous := &clerk{TB: t, at: shared}
	for _, code := range []string{"XYZ", "ccb"} {
		if a := anonymous.get("/v1/bank-returns/" + code + "?requestId=" +
			form.Fields["requestId"]); a.Status != http.StatusNotFound || a.Header.Get("Location") != "" {
			t.Errorf("bank %s: %d %s", code, a.Status, a.Body)
		}
	}
	for _, q := range []string{
		"", "?requestId=", "?requestId=<script>", "?requestId=" + url.QueryEscape("//evil.example/.1"),
		"?requestId=" + strings.Repeat("a", 100) + ".1",
	} {
		a := anonymous.get("/v1/bank-returns/CCB" + q)
		if a.Status != http.StatusNotFound || strings.Contains(string(a.Body), "script") ||
			strings.Contains(string(a.Body), "evil") || a.Header.Get("Location") != "" {
			t.Errorf("%s: %d %s", q, a.Status, a.Body)
		}
	}
}

func TestHandOversAreRefusedWithTheirReason(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	s := c.beginBank()
	p := c.refused(s.Id, "bank-redirect", map[string]any{"bank": "XYZ"}, 400, "invalid_request")
	if len(p.Errors) != 1 || p.Errors[0].Pointer != "/bank" {
		t.Errorf("%+v", p)
	}
	c.refused(s.Id, "bank-redirect", map[string]any{"bank": "ccb"}, 400, "invalid_request")
	c.refused(s.Id, "bank-redirect", map[string]any{"bank": "CCB", "more": 1}, 400, "invalid_request")
	other := shared.clerkOf(t, world.Pass)
	other.refused(s.Id, "bank-redirect", map[string]any{"bank": "CCB"}, 404, "not_found")
	other.refused(other.begin().Id, "bank-redirect", map[string]any{"bank": "CCB"}, 409, "step_not_open")
	first := c.post("/v1/sessions/"+s.Id+"/bank-redirect", map[string]any{"bank": "CCB"}, "Idempotency-Key", "k1")
	again := c.post("/v1/sessions/"+s.Id+"/bank-redirect", map[string]any{"bank": "CCB"}, "Idempotency-Key", "k1")
	if first.Status != 200 || string(first.Body) != string(again.Body) {
		t.Errorf("%s\n%s", first.Body, again.Body)
	}
	c.wants(c.post("/v1/sessions/"+s.Id+"/bank-redirect", map[string]any{"bank": "ABC"}, "Idempotency-Key", "k1"),
		422, "idempotency_key_reused")
	c.delete("/v1/sessions/" + s.Id)
	c.refused(s.Id, "bank-redirect", map[string]any{"bank": "CCB"}, 409, "step_not_open")
}
