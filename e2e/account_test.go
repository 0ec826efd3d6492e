package e2e

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"realname/api"
	"realname/e2e/world"
)

func (c *clerk) put(path string, body any, headers ...string) answer {
	raw, err := json.Marshal(body)
	if err != nil {
		c.Fatal(err)
	}
	return c.do("PUT", path, raw, headers...)
}

func (c *clerk) account() (api.Account, string) {
	c.Helper()
	var v api.Account
	a := c.get("/v1/account")
	if err := json.Unmarshal(a.Body, &v); err != nil || a.Status != http.StatusOK {
		c.Fatalf("account: %d %s: %v", a.Status, a.Body, err)
	}
	return v, a.Header.Get("ETag")
}

// changes sends a change of the account with its current version.
func (c *clerk) changes(what string, body map[string]any) answer {
	c.Helper()
	_, etag := c.account()
	return c.put("/v1/account/"+what, body, "If-Match", etag)
}

// changed expects that the service accepts the change and revokes the old
// token, and then signs in again.
func (c *clerk) changed(a answer, password string) api.AccountChange {
	c.Helper()
	var done api.AccountChange
	if a.Status/100 != 2 || json.Unmarshal(a.Body, &done) != nil || !done.Changed {
		c.Fatalf("change: %d %s", a.Status, a.Body)
	}
	c.wants(c.get("/v1/account"), 401, "token_revoked")
	c.token = ""
	in := c.post("/v1/login", map[string]any{"loginName": c.who.LoginName, "password": password})
	var t api.LoginResponse
	if in.Status != 200 || json.Unmarshal(in.Body, &t) != nil {
		c.Fatalf("login after the change: %d %s", in.Status, in.Body)
	}
	c.token = t.Token
	return done
}

const newPassword = "Renewed-2026-shijiazhuang"

// stranger returns a resident ID number that no person of the test world has.
func stranger(n int) string { return world.ResidentID("130102", 1990, n) }

func (c *clerk) factsOfEnterprise() map[string]any {
	return map[string]any{
		"name": c.who.Name, "uscc": c.who.USCC, "orgCode": c.who.OrgCode, "address": "石家庄市示范路",
		"currentPassword": world.Password,
	}
}

func TestEveryChangeRevokesTheOldToken(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	facts := c.factsOfEnterprise()
	c.changed(c.changes("enterprise", facts), world.Password)
	c.changed(c.changes("legal-representative", map[string]any{
		"name": "新法人", "idType": "resident_id", "idNumber": stranger(1), "issuingCountry": "CHN", "validFrom": "20180312",
		"validTo": "20380312", "currentPassword": world.Password,
	}), world.Password)
	c.changed(c.changes("administrator", map[string]any{
		"name": "新管理员", "idType": "resident_id", "idNumber": stranger(2), "currentPassword": world.Password,
	}), world.Password)
	c.changed(c.changes("region", map[string]any{"region": "广西壮族自治区"}), world.Password)
	c.changed(c.changes("reminders",
		map[string]any{"password": true, "verification": true, "login": false}), world.Password)
	mobile := "13812340001"
	if a := c.post("/v1/account/mobile-codes", map[string]any{"mobile": mobile}); a.Status != http.StatusAccepted {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	c.changed(c.changes("mobile",
		map[string]any{"mobile": mobile, "smsCode": c.telephone(mobile), "currentPassword": world.Password}), world.Password)
	c.changed(c.changes("email", map[string]any{"email": "new-clerk@example.com"}), world.Password)
	if v, _ := c.account(); v.PendingEmail == nil || *v.PendingEmail != "n***@example.com" {
		t.Errorf("pending %v", v.PendingEmail)
	}
	if p := c.wants(c.changes("email", map[string]any{"email": "new-clerk@example.com"}),
		429, "sms_limit_reached"); !strings.Contains(p.Detail, "邮件") {
		t.Errorf("a second mail is refused as a code: %s", p.Detail)
	}
	var m struct{ Link string }
	if a := c.get("/sandbox/email?to=new-clerk@example.com"); json.Unmarshal(a.Body, &m) != nil {
		t.Fatalf("%s", a.Body)
	}
	_, secret, _ := strings.Cut(m.Link, "#")
	c.repeats("/v1/email-confirmations", map[string]any{"secret": secret}, map[string]any{"secret": secret + "x"},
		http.StatusNoContent)
	c.wants(c.post("/v1/email-confirmations", map[string]any{"secret": secret}), 422, "link_expired")
	c.wants(c.get("/v1/account"), 401, "token_revoked")
	c.token = shared.login(t, c.who).token
	c.changed(c.changes("password",
		map[string]any{"currentPassword": world.Password, "newPassword": newPassword}), newPassword)
	c.wants(c.post("/v1/login", map[string]any{"loginName": c.who.LoginName, "password": world.Password}),
		401, "invalid_credentials")
	v, _ := c.account()
	if v.Enterprise.Address != "石家庄市示范路" || v.LegalRepresentative.Name != "新法人" || v.Administrator.Name != "新管理员" ||
		*v.Region != "广西" || !v.Reminders.Password || *v.Mobile != "138****0001" || *v.Email != "n***@example.com" ||
		v.PendingEmail != nil {
		t.Errorf("%+v", v)
	}
}

func TestAChangeSaysWhichVersionItReplaces(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	_, etag := c.account()
	body := map[string]any{"region": "天津"}
	a, err := c.exchange("PUT", "/v1/account/region", []byte(`{"region":"天津"}`))
	if err != nil {
		t.Fatal(err)
	}
	c.wants(a, 428, "precondition_required")
	c.wants(c.put("/v1/account/region", body, "If-Match", `"999"`), 412, "precondition_failed")
	c.wants(c.put("/v1/account/region", body, "If-Match", `W/`+etag), 412, "precondition_failed")
	if a := c.put("/v1/account/region", body, "If-Match", `"999", `+etag); a.Status != 200 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	c.token = shared.login(t, c.who).token
	c.wants(c.put("/v1/account/region", map[string]any{"region": "上海"}, "If-Match", etag), 412, "precondition_failed")
}

func TestAChangeThatUnderminesAVerificationHasToBeConfirmed(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	s := c.begin()
	c.allThree(s.Id)
	c.becomes(s.Id, "verified")
	facts := c.factsOfEnterprise()
	c.changed(c.changes("enterprise", facts), world.Password) // a new address withdraws nothing
	facts["name"] = c.who.Name + "新"
	p := c.wants(c.changes("enterprise", facts), 409, "withdrawal_confirmation_required")
	if len(p.Aspects) != 1 || p.Aspects[0] != "enterprise" {
		t.Errorf("aspects %v", p.Aspects)
	}
	if v, _ := c.account(); v.Aspects.Enterprise.State != "passed" || v.Enterprise.Name != c.who.Name {
		t.Errorf("changed without confirmation: %+v", v)
	}
	facts["confirmWithdrawal"] = true
	if done := c.changed(c.changes("enterprise", facts), world.Password); len(done.Withdrawn) != 1 ||
		done.Withdrawn[0] != "enterprise" {
		t.Errorf("withdrawn %v", done.Withdrawn)
	}
	v, _ := c.account()
	if v.Aspects.Enterprise.State != "not_passed" || v.Aspects.Holder.State != "passed" {
		t.Errorf("%+v", v.Aspects)
	}
	holder := map[string]any{
		"name": "新管理员", "idType": "resident_id", "idNumber": stranger(3), "currentPassword": world.Password,
	}
	p = c.wants(c.changes("administrator", holder), 409, "withdrawal_confirmation_required")
	if len(p.Aspects) != 1 || p.Aspects[0] != "holder" {
		t.Errorf("aspects %v", p.Aspects)
	}
	holder["confirmWithdrawal"] = true
	c.changed(c.changes("administrator", holder), world.Password)
	if v, _ := c.account(); v.Aspects.Holder.State != "not_passed" {
		t.Errorf("%+v", v.Aspects)
	}
	if !shared.embedded {
		return
	}
	dump := string(c.get("/sandbox/dump").Body)
	for _, want := range []string{
		"VerificationWithdrawn", "verification_withdrawn", "enterprise_changed", "administrator_changed",
	} {
		if !strings.Contains(dump, want) {
			t.Errorf("the dump shows no %s", want)
		}
	}
	if strings.Contains(dump, stranger(3)) || strings.Contains(dump, "新管理员") {
		t.Error("the dump shows the new holder in clear")
	}
}

// If a fact of the enterprise changes, a session that verifies the old fact
// ends, whichever step is open.
func TestAChangeEndsTheSessionUnderWay(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	s := c.begin()
	c.passes(s.Id, "enterprise", c.enterprise())
	facts := c.factsOfEnterprise()
	facts["name"] = c.who.Name + "新"
	c.changed(c.changes("enterprise", facts), world.Password)
	got := c.becomes(s.Id, "canceled")
	if got.LastError == nil || got.LastError.Code != "information_changed" {
		t.Errorf("last error %+v", got.LastError)
	}
	c.begin() // a new session can start at once
}

func TestAStolenTokenIsNotEnough(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	if a := c.post("/v1/account/mobile-codes", map[string]any{"mobile": "13812340002"}); a.Status != http.StatusAccepted {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	code := c.telephone("13812340002")
	before, etag := c.account()
	facts := c.factsOfEnterprise()
	facts["name"] = "河北贼人贸易有限公司"
	guesses := 0
	for what, body := range map[string]map[string]any{
		"password":             {"newPassword": newPassword},
		"mobile":               {"mobile": "13812340002", "smsCode": code},
		"administrator":        {"name": "贼人", "idType": "resident_id", "idNumber": stranger(4)},
		"legal-representative": {"name": "贼人", "idType": "resident_id", "idNumber": stranger(4)},
		"enterprise":           facts,
	} {
		body["currentPassword"] = "guess-guess-guess"
		if guesses++; guesses < 5 {
			c.wants(c.put("/v1/account/"+what, body, "If-Match", etag), 422, "current_password_wrong")
		} else {
			c.wants(c.put("/v1/account/"+what, body, "If-Match", etag), 429, "login_locked")
		}
		delete(body, "currentPassword")
		status, refusal := 400, "invalid_request"
		if what == "enterprise" || what == "legal-representative" { // whether it is needed depends on the change
			status, refusal = 422, "current_password_required"
		}
		p := c.wants(c.put("/v1/account/"+what, body, "If-Match", etag), status, refusal)
		if len(p.Errors) != 1 || p.Errors[0].Pointer != "/currentPassword" {
			t.Errorf("%s: %+v", what, p.Errors)
		}
	}
	// The lock is the same as at sign-in: it also refuses the correct password.
	p := c.wants(c.put("/v1/account/password",
		map[string]any{"currentPassword": world.Password, "newPassword": newPassword}, "If-Match", etag), 429, "login_locked")
	if p.RetryAfter < 1 {
		t.Errorf("retry after %d", p.RetryAfter)
	}
	if after, _ := c.account(); after.Version != before.Version {
		t.Errorf("changed: %+v", after)
	}
}

// Input methods offer Ⅹ, the Roman numeral, for the X at the end of some
// numbers.
func TestTheAdministratorsNumberIsReadAsOthersAre(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	c.changed(c.changes("administrator", map[string]any{
		"name": "新管理员", "idType": "resident_id", "idNumber": "11010519491231002Ⅹ", "currentPassword": world.Password,
	}), world.Password)
	if v, _ := c.account(); !strings.HasSuffix(v.Administrator.IdNumber, "002X") {
		t.Errorf("%+v", v.Administrator)
	}
}

func TestChangesAreValidatedAsAWhole(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	_, etag := c.account()
	for name, try := range map[string]struct {
		what     string
		body     map[string]any
		pointers []string
	}{
		"enterprise": {"enterprise", map[string]any{
			"name": "", "uscc": "91990100MA0R01NM0X", "orgCode": "1", "address": strings.Repeat("㈱", 100),
		}, []string{"/name", "/uscc", "/orgCode", "/address"}},
		"codes that disagree": {
			"enterprise",
			map[string]any{"name": "甲公司", "uscc": "9113000034801880XB", "orgCode": c.who.OrgCode, "address": ""},
			[]string{"/orgCode"},
		},
		"foreign passport": {"legal-representative", map[string]any{
			"name": "史密斯", "idType": "passport", "idNumber": "X1234567", "issuingCountry": "USA",
		}, []string{"/idNumber", "/issuingCountry"}},
		"passport of nowhere": {
			"legal-representative",
			map[string]any{"name": "张三", "idType": "passport", "idNumber": "E12345678"},
			[]string{"/issuingCountry"},
		},
		"dates": {"legal-representative", map[string]any{
			"name": "张三", "idType": "resident_id", "idNumber": stranger(5), "validFrom": "20260101", "validTo": "20250101",
		}, []string{"/validTo"}},
		"region": {"region", map[string]any{"region": "巴黎"}, []string{"/region"}},
		"email":  {"email", map[string]any{"email": "not an address"}, []string{"/email"}},
		"mobile": {
			"mobile",
			map[string]any{"mobile": "12", "smsCode": "x", "currentPassword": world.Password},
			[]string{"/mobile", "/smsCode"},
		},
		"weak": {
			"password",
			map[string]any{"currentPassword": world.Password, "newPassword": "password123"},
			[]string{"/newPassword"},
		},
		"login name": {
			"password",
			map[string]any{"currentPassword": world.Password, "newPassword": c.who.LoginName},
			[]string{"/newPassword"},
		},
		"unchanged": {
			"password",
			map[string]any{"currentPassword": world.Password, "newPassword": world.Password},
			[]string{"/newPassword"},
		},
		"control character": {"legal-representative", map[string]any{
			"name": "张三", "idType": "resident_id", "idNumber": stranger(5), "validFrom": "2018\u00010312",
		}, []string{"/validFrom"}},
	} {
		t.Run(name, func(t *testing.T) {
			c := c.in(t)
			p := c.wants(c.put("/v1/account/"+try.what, try.body, "If-Match", etag), 400, "invalid_request")
			got := map[string]bool{}
			for _, e := range p.Errors {
				got[e.Pointer] = true
			}
			for _, want := range try.pointers {
				if !got[want] {
					t.Errorf("%s is not named in %+v", want, p.Errors)
				}
			}
		})
	}
	if v, _ := c.account(); v.Version == 0 {
		t.Error("no account")
	}
}
