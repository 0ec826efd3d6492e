package e2e

import (
	"encoding/json"
	"strings"
	"testing"

	"realname/e2e/world"
)

func TestPersonalDataReachesNeitherStoreNorLogInClear(t *testing.T) {
	p := only(t)
	c := p.clerkOf(t, world.Pass)
	s := c.begin()
	wrong := c.enterprise()
	wrong["legalRepresentative"].(map[string]any)["idNumber"] = "130105197803121016"
	c.refused(s.Id, "enterprise", wrong, 422, "enterprise_mismatch")
	c.passes(s.Id, "enterprise", c.enterprise())
	body := c.legalRepresentativeByCard(s.Id)
	code := body["smsCode"].(string)
	p.fault(t, "bank_card", "error", 1)
	c.refused(s.Id, "legal-representative", body, 503, "provider_unavailable")
	c.refused(s.Id, "legal-representative",
		[]byte(`{"by":"bank_card","bankCardNumber":"`+c.who.LegalRepresentative.CardNumber+`1","mobile":"x"}`),
		400, "invalid_request")
	c.passes(s.Id, "legal-representative", body)
	open := string(c.get("/sandbox/dump").Body)
	c.passes(s.Id, "account-holder", c.accountHolder())
	answer := string(c.becomes(s.Id, "verified").Id) + string(c.get("/v1/sessions/"+s.Id).Body)
	closed := string(c.get("/sandbox/dump").Body)
	if !json.Valid([]byte(open)) || !strings.Contains(open, s.Id) {
		t.Fatal("the dump does not show the session")
	}
	l, h := c.who.LegalRepresentative, c.who.Administrator
	canaries := map[string]string{
		"legal representative's name": l.Name, "legal representative's number": l.IDNumber,
		"legal representative's card": l.CardNumber, "legal representative's mobile": l.Mobile,
		"holder's name": h.Name, "holder's number": h.IDNumber, "holder's card": h.CardNumber, "holder's mobile": h.Mobile,
		"a refused number": "130105197803121016", "SMS code": `"` + code + `"`, "password": world.Password, "token": c.token,
		"validity": l.ValidFrom,
	}
	account := string(c.get("/v1/account").Body) // shows names, as the manual does, and masks all other values
	for _, clear := range []string{l.IDNumber, h.IDNumber, h.Mobile} {
		if strings.Contains(account, clear) {
			t.Errorf("account: holds %s in clear", clear)
		}
	}
	for where, text := range map[string]string{
		"dump while open": open + inBase64(t, open), "dump when closed": closed + inBase64(t, closed),
		"events": string(c.get("/sandbox/receiver").Body),
		"log":    p.log.String(), "answers": answer,
	} {
		for what, canary := range canaries {
			if strings.Contains(text, canary) {
				t.Errorf("%s: holds %s in clear", where, what)
			}
		}
	}
}

// inBase64 returns the texts that a dump holds in base64.
func inBase64(t *testing.T, dump string) string {
	t.Helper()
	var all any
	if err := json.Unmarshal([]byte(dump), &all); err != nil {
		t.Fatal(err)
	}
	return decoded(all)
}
