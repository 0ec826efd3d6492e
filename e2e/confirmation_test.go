package e2e

import (
	"strings"
	"testing"

	"realname/e2e/world"
	"realname/shared/idcode"
)

// otherCheck replaces the last digit of a number.
func otherCheck(number string) string {
	last := number[len(number)-1]
	return number[:len(number)-1] + string('0'+(last-'0'+1)%10)
}

// unusualCode returns another enterprise's code with a wrong check character.
func unusualCode(n int) (uscc, org string) {
	uscc, org = world.Codes(n)
	wrong := "0"
	if strings.HasSuffix(uscc, wrong) {
		wrong = "1"
	}
	return uscc[:17] + wrong, org
}

func needs(t *testing.T, p problem, pointer, rule string) {
	t.Helper()
	if len(p.Errors) != 1 || p.Errors[0].Pointer != pointer || p.Errors[0].Rule != rule {
		t.Errorf("%+v, want %s %s", p.Errors, pointer, rule)
	}
}

// A number whose only fault is its check character goes to the provider once the
// user has confirmed it. Until then it costs nothing, and the key stays free.
func TestAWrongLuhnDigitIsTheIssuersToJudge(t *testing.T) {
	c, s := shared.atStep2(t)
	l := c.who.LegalRepresentative
	unusual := otherCheck(l.CardNumber)
	ask := map[string]any{"step": "legal_representative", "mobile": l.Mobile, "bankCardNumber": unusual}
	needs(t, c.refused(s, "sms-codes", ask, 422, "confirmation_needed"), "/bankCardNumber", "luhn")
	ask["confirmed"] = []string{"/mobile"}
	needs(t, c.refused(s, "sms-codes", ask, 400, "invalid_request"), "/confirmed/0", "unknown")
	ask["confirmed"] = []string{"/bankCardNumber"}
	if a := c.post("/v1/sessions/"+s+"/sms-codes", ask); a.Status != 202 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	body := map[string]any{
		"by": "bank_card", "bankCardNumber": unusual, "mobile": l.Mobile, "smsCode": c.telephone(l.Mobile),
	}
	const key = "the-same-key"
	path := "/v1/sessions/" + s + "/legal-representative"
	needs(t, c.wants(c.post(path, body, "Idempotency-Key", key), 422, "confirmation_needed"), "/bankCardNumber", "luhn")
	if left := c.get("/v1/sessions/" + s).session(t).Steps[1].AttemptsLeft; left != 5 {
		t.Errorf("the question cost an attempt: %d left", left)
	}
	body["confirmed"] = []string{"/bankCardNumber"}
	c.wants(c.post(path, body, "Idempotency-Key", key), 422, "bank_card_mismatch")
}

func TestAWrongCheckCharacterIsTheRegistrysToJudge(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	s := c.begin().Id
	body := c.enterprise()
	right := body["uscc"].(string)
	body["uscc"] = right[:17] + map[bool]string{true: "1", false: "0"}[right[17] == '0']
	if idcode.UnusualUSCC(body["uscc"].(string)) == nil {
		t.Fatal(body["uscc"])
	}
	needs(t, c.refused(s, "enterprise", body, 422, "confirmation_needed"), "/uscc", "check_character")
	body["confirmed"] = []string{"/uscc", "/orgCode"}
	needs(t, c.refused(s, "enterprise", body, 400, "invalid_request"), "/confirmed/1", "unknown")
	body["confirmed"] = []string{"/uscc"}
	needs(t, c.refused(s, "enterprise", body, 422, "enterprise_mismatch"), "/uscc", "not_the_accounts")
	body["uscc"] = right // a confirmation that is not needed changes nothing
	c.passes(s, "enterprise", body)
}

// The registry and the issuers know the numbers that do not follow the standards, so
// their holder passes every step.
func TestAHolderOfUnusualNumbersPasses(t *testing.T) {
	c := shared.clerkOf(t, world.Unusual)
	s := c.begin().Id
	body := c.enterprise()
	needs(t, c.refused(s, "enterprise", body, 422, "confirmation_needed"), "/uscc", "check_character")
	body["confirmed"] = []string{"/uscc"}
	c.passes(s, "enterprise", body)
	for _, step := range []struct {
		step, path string
		who        world.Person
	}{
		{"legal_representative", "legal-representative", c.who.LegalRepresentative},
		{"account_holder", "account-holder", c.who.Administrator},
	} {
		ask := map[string]any{"step": step.step, "mobile": step.who.Mobile, "bankCardNumber": step.who.CardNumber}
		needs(t, c.refused(s, "sms-codes", ask, 422, "confirmation_needed"), "/bankCardNumber", "luhn")
		ask["confirmed"] = []string{"/bankCardNumber"}
		if a := c.post("/v1/sessions/"+s+"/sms-codes", ask); a.Status != 202 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		body := map[string]any{
			"by": "bank_card", "bankCardNumber": step.who.CardNumber, "mobile": step.who.Mobile,
			"smsCode": c.telephone(step.who.Mobile),
		}
		if step.step == "account_holder" {
			body["name"], body["idType"], body["idNumber"] = step.who.Name, step.who.IDType, step.who.IDNumber
		}
		needs(t, c.refused(s, step.path, body, 422, "confirmation_needed"), "/bankCardNumber", "luhn")
		body["confirmed"] = []string{"/bankCardNumber"}
		c.passes(s, step.path, body)
	}
	c.becomes(s, "verified")
	if a := shared.machine(t).status(c.who.USCC); a.Status != 200 {
		t.Errorf("status of %s: %d %s", c.who.USCC, a.Status, a.Body)
	}
}

func TestTheAccountPageTakesACodeInUseAgainstTheStandard(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	facts := c.factsOfEnterprise()
	facts["uscc"], facts["orgCode"] = unusualCode(901)
	facts["confirmWithdrawal"], facts["currentPassword"] = true, world.Password
	_, version := c.account()
	p := c.wants(c.put("/v1/account/enterprise", facts, "If-Match", version), 422, "confirmation_needed")
	needs(t, p, "/uscc", "check_character")
	facts["confirmed"] = []string{"/uscc"}
	c.changed(c.put("/v1/account/enterprise", facts, "If-Match", version), world.Password)
	if v, _ := c.account(); v.Enterprise.Uscc != facts["uscc"] {
		t.Errorf("%+v", v.Enterprise)
	}
}
