package e2e

import (
	"net/http"
	"strings"
	"testing"

	"realname/e2e/world"
)

// The two services are two stages. One stage does not accept a value that the
// other issued or accepted, although both have the same accounts and bank keys.
func TestNothingOfOneStageCountsAtAnother(t *testing.T) {
	here, there := shared, crowded(t) // the same accounts
	bank := bankBy(t, here, "CCB")
	c := here.clerkOf(t, world.Pass)
	same := there.login(t, c.who)

	if a := (&clerk{TB: t, at: there, token: c.token}).get("/v1/account"); a.Status != 403 {
		t.Errorf("token: %d %s", a.Status, a.Body)
	}

	s := c.beginBank()
	form := c.handOver(s.Id, "CCB")
	signed := bank.sign(c.result(form.Fields["requestId"], "PASS", nil), nil)
	elsewhere := *bank
	elsewhere.at = there
	elsewhere.refused(signed, 404, "bank_request_unknown")
	bank.accepted(signed)
	c.becomes(s.Id, "verified")

	theirs := same.beginCard()
	k := c.insert("good")
	same.wants(same.answerCard(theirs.Id, k.sign(c.challengeAt("/v1/account/card/challenge"))),
		422, "card_challenge_unknown")
	if state := same.enterpriseState(); state.State != "not_passed" {
		t.Errorf("aspect: %+v", state)
	}

	m := here.machine(t)
	if a := (machine{&clerk{TB: t, at: there, token: m.token}}).status(c.who.USCC); a.Status != 403 {
		t.Errorf("machine token: %d %s", a.Status, a.Body)
	}
}

// TestTheReturnDecidesNothing shows that a return echoes no input and decides
// nothing. Here an attacker tries to redirect the browser.
func TestABrowserIsLedNowhereElse(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	request := c.handOver(c.beginBank().Id, "CCB").Fields["requestId"]
	browser := &clerk{TB: t, at: shared}
	stay := *client
	stay.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for _, extra := range []string{
		"", "&redirect=https://evil.example/", "&returnUrl=//evil.example", "&next=/%5Cevil.example",
		"&requestId=https://evil.example/",
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet,
			shared.URL+"/v1/bank-returns/CCB?requestId="+request+extra, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Forwarded-Host", "evil.example")
		r.Header.Set("Referer", "https://evil.example/")
		answer, err := stay.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close() // the test needs only the header
		if to := answer.Header.Get("Location"); strings.Contains(to, "evil") || to != "" && !strings.HasPrefix(to, "/") ||
			strings.HasPrefix(to, "//") {
			t.Errorf("%s leads to %s", extra, to)
		}
	}
	for _, path := range []string{
		"//evil.example/%2e%2e", "/\\evil.example", "/%2f%2fevil.example",
		"/v1/bank-returns/..%2f..%2fevil?requestId=" + request,
	} {
		a, err := browser.exchange("GET", path, nil)
		if err == nil && strings.Contains(a.Header.Get("Location"), "evil.example") {
			t.Errorf("%s leads to %s", path, a.Header.Get("Location"))
		}
	}
}
