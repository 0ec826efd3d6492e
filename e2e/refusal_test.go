package e2e

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"realname/e2e/world"
)

func TestMismatchInEachFieldOfStep1IsRefusedAndCostsATry(t *testing.T) {
	other := shared.take(t, world.Pass)
	changes := map[string]func(map[string]any){
		"name":   func(b map[string]any) { b["name"] = "河北别名贸易有限公司" },
		"uscc":   func(b map[string]any) { b["uscc"], b["orgCode"] = other.USCC, other.OrgCode },
		"person": func(b map[string]any) { b["legalRepresentative"].(map[string]any)["name"] = "别人" },
		"idNumber": func(b map[string]any) {
			b["legalRepresentative"].(map[string]any)["idNumber"] = other.LegalRepresentative.IDNumber
		},
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			c := shared.clerkOf(t, world.Pass)
			s := c.begin()
			body := c.enterprise()
			change(body)
			p := c.refused(s.Id, "enterprise", body, 422, "enterprise_mismatch")
			if p.Detail != "法定代表人信息验证不通过，请核对后重新填写，或可尝试银行卡认证方式。" {
				t.Errorf("detail %q", p.Detail)
			}
			if p.AttemptsLeft == nil || *p.AttemptsLeft != 4 || len(p.Causes)+len(p.Errors) == 0 ||
				!strings.Contains(strings.Join(p.Alternatives, " "), "bank_ukey") {
				t.Errorf("got %+v", p)
			}
			element := map[string]string{"name": "enterprise_name", "person": "legal_representative_name"}[name]
			if got := strings.Join(p.Differs, " "); got != element {
				t.Errorf("differs %q, want %q", got, element)
			}
			c.passes(s.Id, "enterprise", c.enterprise())
		})
	}
}

// Whatever public element differs, the answer is the same for a right and a wrong ID
// number, in every word. Only the number of the remaining attempts falls.
func TestNoAnswerShowsWhetherTheIDNumberIsRight(t *testing.T) {
	p := only(t)
	for _, kind := range []world.Kind{world.Pass, world.NotInBusiness} {
		c := p.clerkOf(t, kind)
		s := c.begin().Id
		told := func(name, person, number string) string {
			t.Helper()
			body := c.enterprise()
			body["name"] = name
			body["legalRepresentative"] = map[string]any{"name": person, "idType": "resident_id", "idNumber": number}
			a := c.post("/v1/sessions/"+s+"/enterprise", body)
			problem := a.problem(t)
			if a.Status != 422 || len(problem.Differs) == 0 {
				t.Fatalf("%d %s", a.Status, a.Body)
			}
			text := strings.ReplaceAll(string(a.Body), problem.RequestID, "")
			return strings.ReplaceAll(text, fmt.Sprintf(`"attemptsLeft":%d`, *problem.AttemptsLeft), "")
		}
		l := c.who.LegalRepresentative
		for _, names := range [][2]string{{"河北别名贸易有限公司", l.Name}, {c.who.Name, "别人"}} {
			right := told(names[0], names[1], l.IDNumber)
			if wrong := told(names[0], names[1], c.who.Administrator.IDNumber); wrong != right {
				t.Errorf("%v %q:\n%s\n%s", kind, names, right, wrong)
			}
		}
	}
}

func TestARegistrysMismatchIsExplainedAtItsFields(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	s := c.begin()
	body := c.enterprise()
	body["name"] = "河北别名贸易有限公司"
	body["legalRepresentative"].(map[string]any)["name"] = "别人"
	p := c.refused(s.Id, "enterprise", body, 422, "enterprise_mismatch")
	if len(p.Errors) != 2 || p.Errors[0].Pointer != "/name" || p.Errors[1].Pointer != "/legalRepresentative/name" {
		t.Errorf("%+v", p.Errors)
	}
	last := c.get("/v1/sessions/" + s.Id).session(t).LastError
	if last == nil || last.Differs == nil || len(*last.Differs) != 2 || len(last.Causes) < 2 {
		t.Errorf("%+v", last)
	}
	if c.at.embedded { // its registry states the age of its data
		day := time.Now().Add(7 * 24 * time.Hour).In(time.FixedZone("", 8*3600)).Format("20060102")
		if p.CurrentFrom != day || last.CurrentFrom == nil || *last.CurrentFrom != day {
			t.Errorf("%q, want %s", p.CurrentFrom, day)
		}
	}
}

func TestEnterpriseThatTheRegistryCannotJudge(t *testing.T) {
	c := shared.clerkOf(t, world.NotCovered)
	s := c.begin()
	for range 6 { // does not count as an attempt
		p := c.refused(s.Id, "enterprise", c.enterprise(), 422, "enterprise_not_covered")
		if got := strings.Join(p.Alternatives, " "); got != "ic_card bank_ukey" && got != "bank_ukey ic_card" {
			t.Fatalf("alternatives %q", got)
		}
	}
	c = shared.clerkOf(t, world.NotInBusiness)
	closed := c.begin()
	c.refused(closed.Id, "enterprise", c.enterprise(), 422, "enterprise_not_in_business")
	// The answer does not depend on the ID number.
	body := c.enterprise()
	body["legalRepresentative"].(map[string]any)["idNumber"] = c.who.Administrator.IDNumber
	c.refused(closed.Id, "enterprise", body, 422, "enterprise_not_in_business")
}

func TestWrongDatesOfAnIDCard(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	s := c.begin()
	c.passes(s.Id, "enterprise", c.enterprise())
	body := c.legalRepresentative()
	body["validFrom"], body["validTo"] = "20190312", "20390312"
	p := c.refused(s.Id, "legal-representative", body, 422, "id_card_validity_mismatch")
	if p.Detail != "您提交的身份证有效开始时间和有效截止时间未通过验证，请仔细检查是否填写错误，"+
		"如果确认填写无误，可选择一个下面途径继续实名认证： 一、使用CTID APP开通CTID（使用方法可查看页面上的帮助文档），开通完成后继续身份证认证； 二、使用银行卡认证。" {
		t.Errorf("detail %q", p.Detail)
	}
	if strings.Join(p.Alternatives, " ") != "bank_card" {
		t.Errorf("alternatives %v", p.Alternatives)
	}
	if seen := c.get("/v1/sessions/" + s.Id).session(t); seen.LastError == nil ||
		seen.LastError.Code != "id_card_validity_mismatch" || len(p.Causes) == 0 ||
		!slices.Equal(seen.LastError.Causes, p.Causes) {
		t.Errorf("last error %+v", seen.LastError)
	}
	c.passes(s.Id, "legal-representative", c.legalRepresentativeByCard(s.Id))
}

func TestIDCardThatTheLibraryDoesNotHoldPointsToTheBankCard(t *testing.T) {
	c := shared.clerkOf(t, world.NoIDData)
	s := c.begin()
	c.passes(s.Id, "enterprise", c.enterprise())
	p := c.refused(s.Id, "legal-representative", c.legalRepresentative(), 422, "id_card_not_covered")
	if strings.Join(p.Alternatives, " ") != "bank_card" {
		t.Errorf("alternatives %v", p.Alternatives)
	}
}

func TestBankCardProblems(t *testing.T) {
	c := shared.clerkOf(t, world.LostCard)
	s := c.begin()
	c.passes(s.Id, "enterprise", c.enterprise())
	c.refused(s.Id, "legal-representative", c.legalRepresentativeByCard(s.Id), 422, "bank_card_unusable")

	c = shared.clerkOf(t, world.Pass)
	s = c.begin()
	c.passes(s.Id, "enterprise", c.enterprise())
	body := c.legalRepresentativeByCard(s.Id)
	right := body["bankCardNumber"]
	body["bankCardNumber"] = c.who.Administrator.CardNumber
	c.refused(s.Id, "legal-representative", body, 422, "bank_card_mismatch")
	body["bankCardNumber"] = right
	c.passes(s.Id, "legal-representative", body) // the wrong card did not use up the code
}

func TestHolderMustBeTheAccountsAdministrator(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	s := c.begin()
	c.passes(s.Id, "enterprise", c.enterprise())
	c.passes(s.Id, "legal-representative", c.legalRepresentative())
	body := c.accountHolder()
	body["name"], body["idNumber"] = c.who.LegalRepresentative.Name, c.who.LegalRepresentative.IDNumber
	c.refused(s.Id, "account-holder", body, 422, "holder_mismatch")
	c.passes(s.Id, "account-holder", c.accountHolder())
	c.becomes(s.Id, "verified")
}

func TestFifthFailedTryClosesTheSession(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	s := c.begin()
	body := c.enterprise()
	body["name"] = "河北别名贸易有限公司"
	for range 4 {
		c.refused(s.Id, "enterprise", body, 422, "enterprise_mismatch")
	}
	a := c.post("/v1/sessions/"+s.Id+"/enterprise", body)
	if p := c.wants(a, 429, "attempts_exhausted"); p.RetryAfter < 1 ||
		a.Header.Get("Retry-After") != fmt.Sprint(p.RetryAfter) {
		t.Errorf("retryAfter %d, header %q", p.RetryAfter, a.Header.Get("Retry-After"))
	}
	c.becomes(s.Id, "failed")
	s = c.begin()
	for range 4 {
		c.refused(s.Id, "enterprise", body, 422, "enterprise_mismatch")
	}
	c.refused(s.Id, "enterprise", body, 429, "attempts_exhausted")
	// After ten failed attempts in a day, the service refuses the correct answer
	// until midnight.
	s = c.begin()
	if p := c.refused(s.Id, "enterprise", c.enterprise(), 429, "attempts_exhausted"); p.RetryAfter > 86400 ||
		p.RetryAfter < 1 {
		t.Errorf("retryAfter %d", p.RetryAfter)
	}
}

func TestFiveSessionsADay(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	for range 5 {
		s := c.begin()
		if a := c.delete("/v1/sessions/" + s.Id); a.Status >= 300 {
			t.Fatalf("cancel: %d %s", a.Status, a.Body)
		}
		c.becomes(s.Id, "canceled")
	}
	p := c.wants(c.start("legal_representative"), 429, "session_limit_reached")
	if p.RetryAfter < 1 {
		t.Errorf("%+v", p)
	}
}

func TestStepsAreAnsweredInOrder(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	s := c.begin()
	c.refused(s.Id, "legal-representative", c.legalRepresentative(), 409, "step_not_open")
	c.refused(s.Id, "account-holder", c.accountHolder(), 409, "step_not_open")
	c.passes(s.Id, "enterprise", c.enterprise())
	c.refused(s.Id, "enterprise", c.enterprise(), 409, "step_not_open")
}

func TestSomebodyElsesSessionIsNotFound(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	s := c.begin()
	stranger := shared.clerkOf(t, world.Pass)
	for _, id := range []string{s.Id, "01890000-0000-7000-8000-000000000000", "nonsense"} {
		stranger.wants(stranger.get("/v1/sessions/"+id), 404, "not_found")
		stranger.wants(stranger.delete("/v1/sessions/"+id), 404, "not_found")
		stranger.refused(id, "enterprise", stranger.enterprise(), 404, "not_found")
		stranger.refused(id, "sms-codes", map[string]any{
			"step": "legal_representative", "mobile": "13900000001", "bankCardNumber": c.who.LegalRepresentative.CardNumber,
		}, 404, "not_found")
	}
}

func TestConsentInForceIsNeeded(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	c.wants(c.post("/v1/sessions", map[string]any{"method": "legal_representative", "consentVersion": "2020-01"}),
		422, "consent_required")
	s := c.begin()
	path := "/v1/sessions/" + s.Id + "/consents"
	c.wants(c.post(path, map[string]any{"consentVersion": "2020-01"}), 422, "consent_required")
	version := map[string]any{"consentVersion": c.consent("legal_representative")}
	if a := c.post(path, version); a.Status != 200 || a.session(t).ConsentRequired {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	thief := shared.clerkOf(t, world.Pass)
	thief.wants(thief.post(path, version), 404, "not_found")
	c.delete("/v1/sessions/" + s.Id)
	c.wants(c.post(path, version), 409, "session_closed")
}

func TestGatewayRefusesWithoutAndWithABadToken(t *testing.T) {
	c := &clerk{TB: t, at: shared}
	if a := c.get("/v1/account"); a.Status != 401 || a.message() != "Unauthorized" {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	c.token = "e30.e30.e30"
	if a := c.get("/v1/account"); a.Status != 403 || a.message() != "Forbidden" {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

func TestLogoutRevokesTheTokenAtOnce(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	if a := c.post("/v1/logout", []byte(nil)); a.Status != http.StatusNoContent {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	c.wants(c.get("/v1/account"), 401, "token_revoked")
	again := shared.login(t, c.who)
	c.wants(c.post("/v1/logout", []byte(nil)), 401, "token_revoked") // and cannot revoke another sign-in
	if a := again.get("/v1/account"); a.Status != 200 {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

func TestFiveWrongPasswordsLockTheLogin(t *testing.T) {
	who := shared.take(t, world.Pass)
	c := &clerk{TB: t, at: shared}
	wrong := map[string]any{"loginName": who.LoginName, "password": "wrong"}
	unknown := map[string]any{"loginName": "nobody-" + who.LoginName, "password": "wrong"}
	for left := 4; left > 0; left-- {
		known := c.wants(c.post("/v1/login", wrong), 401, "invalid_credentials")
		stranger := c.wants(c.post("/v1/login", unknown), 401, "invalid_credentials")
		if known.Detail != stranger.Detail {
			t.Fatalf("an unknown login name is told apart: %q, %q", known.Detail, stranger.Detail)
		}
		for _, p := range []problem{known, stranger} {
			if p.AttemptsLeft == nil || *p.AttemptsLeft != left {
				t.Errorf("want %d attempts left: %+v", left, p)
			}
		}
	}
	for _, fifth := range []map[string]any{wrong, unknown} { // it says that sign-in is locked now
		c.wants(c.post("/v1/login", fifth), 429, "login_locked")
	}
	p := c.wants(c.post("/v1/login", map[string]any{"loginName": who.LoginName, "password": world.Password}),
		429, "login_locked")
	if p.RetryAfter < 800 || p.RetryAfter > 900 {
		t.Errorf("retryAfter %d", p.RetryAfter)
	}
	c.wants(c.post("/v1/login", unknown), 429, "login_locked")
}

func TestMessagesAreInTheReadersLanguage(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	zh := c.wants(c.get("/v1/sessions/x"), 404, "not_found")
	en := c.wants(c.get("/v1/sessions/x", "Accept-Language", "en"), 404, "not_found")
	for header, want := range map[string]string{
		"en-GB,en;q=0.9,zh;q=0.1": en.Detail, "fr, en;q=0.5": en.Detail, "en;q=0.2, zh-CN": zh.Detail, "fr": zh.Detail,
		"*": zh.Detail, "not a language": zh.Detail,
	} {
		if p := c.wants(c.get("/v1/sessions/x", "Accept-Language", header), 404, "not_found"); p.Detail != want {
			t.Errorf("%s: %q", header, p.Detail)
		}
	}
	if zh.Detail == en.Detail || strings.ContainsFunc(en.Detail, func(r rune) bool { return r > 0x2fff }) {
		t.Errorf("%q %q", zh.Detail, en.Detail)
	}
}
