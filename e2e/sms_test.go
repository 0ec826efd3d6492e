package e2e

import (
	"encoding/json"
	"testing"

	"realname/e2e/world"
)

func TestSMSCodesOneAMinute(t *testing.T) {
	c, s := shared.atStep2(t)
	c.legalRepresentativeByCard(s)
	l := c.who.LegalRepresentative
	ask := map[string]any{"step": "legal_representative", "mobile": l.Mobile, "bankCardNumber": l.CardNumber}
	p := c.refused(s, "sms-codes", ask, 429, "sms_limit_reached")
	if p.RetryAfter < 1 || p.RetryAfter > 60 {
		t.Errorf("retryAfter %d", p.RetryAfter)
	}
}

func TestWrongSMSCodeCostsAGuessAndFiveUseItUp(t *testing.T) {
	c, s := shared.atStep2(t)
	body := c.legalRepresentativeByCard(s)
	right := body["smsCode"].(string)
	wrong := "000000"
	if right == wrong {
		wrong = "111111"
	}
	body["smsCode"] = wrong
	for left := 4; left > 0; left-- {
		p := c.refused(s, "legal-representative", body, 422, "sms_code_wrong")
		if p.AttemptsLeft == nil || *p.AttemptsLeft != left {
			t.Errorf("want %d guesses left of the code: %+v", left, p)
		}
	}
	last := c.post("/v1/sessions/"+s+"/legal-representative", body)
	if last.Status != 422 {
		t.Fatalf("%d %s", last.Status, last.Body)
	}
	body["smsCode"] = right
	c.refused(s, "legal-representative", body, 422, "sms_code_expired")
	if left := c.get("/v1/sessions/" + s).session(t).Steps[1].AttemptsLeft; left != 5 {
		t.Errorf("wrong codes cost tries: %d left", left)
	}
}

func TestSMSCodeIsBoundToItsNumberAndSession(t *testing.T) {
	c, s := shared.atStep2(t)
	body := c.legalRepresentativeByCard(s)
	body["mobile"] = c.who.Administrator.Mobile
	c.refused(s, "legal-representative", body, 422, "sms_code_expired")
	other, otherSession := shared.atStep2(t)
	stolen := map[string]any{
		"by": "bank_card", "bankCardNumber": body["bankCardNumber"], "mobile": c.who.LegalRepresentative.Mobile,
		"smsCode": body["smsCode"],
	}
	other.refused(otherSession, "legal-representative", stolen, 422, "sms_code_expired")
}

func TestSMSLimitsOfANumberAndOfAnAccountADay(t *testing.T) {
	p := only(t, "--sms-interval", "0s")
	c, s := p.atStep2(t)
	l := c.who.LegalRepresentative
	ask := map[string]any{"step": "legal_representative", "mobile": l.Mobile, "bankCardNumber": l.CardNumber}
	for range 5 {
		if a := c.post("/v1/sessions/"+s+"/sms-codes", ask); a.Status != 202 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	if p := c.refused(s, "sms-codes", ask, 429, "sms_limit_reached"); p.RetryAfter < 1 {
		t.Errorf("%+v", p)
	}
	ask["mobile"] = "13700000001"
	for range 5 {
		if a := c.post("/v1/sessions/"+s+"/sms-codes", ask); a.Status != 202 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	ask["mobile"] = "13700000002"
	c.refused(s, "sms-codes", ask, 429, "sms_limit_reached")
}

func TestSMSAnswerTellsWhenToAskAgain(t *testing.T) {
	c, s := shared.atStep2(t)
	l := c.who.LegalRepresentative
	a := c.post("/v1/sessions/"+s+"/sms-codes",
		map[string]any{"step": "legal_representative", "mobile": l.Mobile, "bankCardNumber": l.CardNumber})
	var sent struct {
		ResendAfter int
		ExpiresAt   string
	}
	if err := json.Unmarshal(a.Body, &sent); err != nil || a.Status != 202 || sent.ResendAfter < 1 ||
		sent.ResendAfter > 60 || sent.ExpiresAt == "" {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}

// atStep2 returns a clerk whose session waits for the legal representative.
func (p *place) atStep2(t *testing.T) (*clerk, string) {
	t.Helper()
	c := p.clerkOf(t, world.Pass)
	s := c.begin()
	c.passes(s.Id, "enterprise", c.enterprise())
	return c, s.Id
}
