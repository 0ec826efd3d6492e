package e2e

import (
	"encoding/json"
	"flag"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"realname/api"
	"realname/e2e/faults"
	"realname/e2e/world"
)

// Three clerks open five sessions: each verifies the enterprise, and two of
// them also verify the account holder. make test-faults asks for more groups.
var trios = flag.Int("trios", 8, "groups of three clerks in the fault suite, five sessions each")

// Sessions of every method run concurrently while the table, the workflow,
// providers and receivers fail at random in every mode, functions abort during
// their work, and all clocks differ. Once everything has come to rest, the
// stored data must be consistent as package faults defines it.
func TestWhatIsStoredAgreesAfterAnyTrouble(t *testing.T) {
	p := crowded(t, "--sms-interval", "0s", "--notify-every", "300ms", "--notify-first", "100ms", "--rate", "1000000",
		"--burst", "1000000", "--checks-per-day", "300", "--card-challenges-per-day", "10000")
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	var working atomic.Int64
	calm := p.trouble(t, seed, &working)
	t.Run("sessions", func(t *testing.T) {
		for n := range 3 * *trios {
			method := []string{"legal_representative", "bank_ukey", "ic_card"}[n%3]
			t.Run(method, func(t *testing.T) {
				t.Parallel()
				working.Add(1)
				defer working.Add(-1)
				c := &clerk{TB: t, at: p, who: p.take(t, world.Pass)}
				c.insist(method)
				if method != "legal_representative" {
					c.insist("account_holder")
				}
			})
		}
	})
	calm()
	if n := p.logged("sandbox fault") + p.logged("aborted on request"); n < *trios {
		t.Errorf("only %d things failed", n)
	}
	c := &clerk{TB: t, at: p}
	for end := time.Now().Add(time.Minute); ; {
		state, err := faults.Read(c.get("/sandbox/dump").Body, c.get("/sandbox/receiver").Body)
		if err != nil {
			t.Fatal(err)
		}
		wrong := state.Check(time.Now())
		if len(wrong) == 0 && state.Verified() == 5**trios {
			t.Logf("%d sessions agree; %d faults were met, %d functions ended", state.Verified(), p.logged("sandbox fault"),
				p.logged("aborted on request"))
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%d sessions are verified, want %d; %d things do not agree: %q", state.Verified(), 5**trios, len(wrong),
				wrong[:min(20, len(wrong))])
		}
	}
}

// disagreeing are the refusals that differing clocks cause: a value that one
// function issued has already expired or is not yet valid at another function,
// or the gateway does not know the token. The person retries.
var disagreeing = []string{
	"sms_code_expired", "sms_code_wrong", "sms_limit_reached", "card_challenge_expired", "card_challenge_unknown",
	"token_revoked", "bank_clock_skew", "",
}

// insist completes a session of the method despite all failures: it reads the
// session's state and performs the open step, repeatedly. Now and then the
// person makes one mistake, or cancels the session, directly or by withdrawing the consent, and
// starts another one.
func (c *clerk) insist(method string) {
	c.Helper()
	s, erred, gaveUp := c.insistOnStart(method), false, false
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); {
		a := c.get("/v1/sessions/" + s)
		if a.Status == http.StatusUnauthorized || a.Status == http.StatusForbidden {
			c.insistOnLogin()
			continue
		}
		if a.Status != http.StatusOK {
			continue
		}
		now := a.session(c)
		if now.Status == "verified" {
			c.insistOnLogin() // a passed card check revokes the earlier sign-in
			return
		}
		if now.Status == "canceled" && gaveUp {
			s = c.insistOnStart(method)
			continue
		}
		if now.Status != "requires_input" && now.Status != "processing" {
			c.Fatalf("%s ended as %s", method, now.Status)
		}
		if now.Step == nil {
			continue
		}
		if !gaveUp && rand.IntN(20) == 0 {
			gaveUp = true
			if rand.IntN(2) == 0 { // the cancellation may fail or take effect later
				c.delete("/v1/sessions/" + s)
			} else {
				c.post("/v1/account/consent-withdrawals", map[string]any{})
			}
			continue
		}
		if !erred && rand.IntN(5) == 0 {
			erred = true
			c.err(s, string(*now.Step))
			continue
		}
		if a := c.due(s, string(*now.Step)); a.Status >= 400 && a.Status < 500 && a.Status != http.StatusConflict &&
			!slices.Contains(disagreeing, a.problem(c).Code) {
			c.Fatalf("%s: %d %s", *now.Step, a.Status, a.Body)
		}
	}
	c.Fatalf("%s is stuck", method)
}

// err answers a step once with false facts.
func (c *clerk) err(session, step string) {
	c.Helper()
	var path string
	var body map[string]any
	switch step {
	case "enterprise":
		path, body = "enterprise", c.enterprise()
		body["name"] = c.who.Name + "他"
	case "legal_representative":
		path, body = "legal-representative", c.legalRepresentative()
		body["validTo"] = "20380313"
	case "account_holder":
		path, body = "account-holder", c.accountHolder()
		body["validTo"] = "20380313"
	default:
		return
	}
	if a := c.post("/v1/sessions/"+session+"/"+path, body); a.Status < 300 {
		c.Fatalf("%s: what is not so passed: %s", step, a.Body)
	}
}

// due performs the open step once.
func (c *clerk) due(session, step string) answer {
	c.Helper()
	path := "/v1/sessions/" + session + "/"
	switch step {
	case "enterprise":
		return c.post(path+"enterprise", c.enterprise())
	case "legal_representative":
		return c.shows(path, step, "legal-representative", c.who.LegalRepresentative, c.legalRepresentative())
	case "account_holder":
		return c.shows(path, step, "account-holder", c.who.Administrator, c.accountHolder())
	case "bank":
		a := c.post(path+"bank-redirect", map[string]any{"bank": "CCB"})
		var form api.BankRedirect
		if a.Status != http.StatusOK || json.Unmarshal(a.Body, &form) != nil {
			return a
		}
		bank := bankBy(c, c.at, "CCB")
		return bank.send(bank.sign(c.result(form.Fields["requestId"], "PASS", nil), nil))
	case "card":
		a := c.post(path+"card-challenge", map[string]any{})
		var given api.CardChallenge
		if a.Status != http.StatusCreated || json.Unmarshal(a.Body, &given) != nil {
			return a
		}
		return c.answerCard(session, c.signed(given.Challenge))
	}
	c.Fatalf("step %s", step)
	panic("unreachable")
}

// signed signs a challenge with the enterprise's card. The card's control is a program
// of the clerk's own, which a kill of the service must not end.
func (c *clerk) signed(challenge string) map[string]any {
	c.Helper()
	if k := c.at.killer; k != nil {
		k.spare.RLock()
		defer k.spare.RUnlock()
	}
	return c.insert("good").sign(challenge)
}

// shows identifies a person by bank card or by ID card, chosen at random.
func (c *clerk) shows(path, step, function string, p world.Person, idCard map[string]any) answer {
	c.Helper()
	if rand.IntN(2) == 0 {
		return c.post(path+function, idCard)
	}
	a := c.post(path+"sms-codes", map[string]any{"step": step, "mobile": p.Mobile, "bankCardNumber": p.CardNumber})
	if a.Status != http.StatusAccepted {
		return a
	}
	bankCard := map[string]any{
		"by": "bank_card", "bankCardNumber": p.CardNumber, "mobile": p.Mobile, "smsCode": c.telephone(p.Mobile),
	}
	for _, field := range []string{"name", "idType", "idNumber"} {
		if value, given := idCard[field]; given {
			bankCard[field] = value
		}
	}
	return c.post(path+function, bankCard)
}

func (c *clerk) insistOnLogin() {
	c.Helper()
	c.token = ""
	for range 200 {
		var in api.LoginResponse
		a := c.post("/v1/login", map[string]any{"loginName": c.who.LoginName, "password": world.Password})
		if a.Status == http.StatusOK && json.Unmarshal(a.Body, &in) == nil {
			c.token = in.Token
			return
		}
		if a.Status < 500 {
			c.Fatalf("login: %d %s", a.Status, a.Body)
		}
	}
	c.Fatal("login never worked")
}

// insistOnStart starts a session. If the answer to a start was lost, the
// refusal of the next start names that session.
func (c *clerk) insistOnStart(method string) string {
	c.Helper()
	if c.token == "" {
		c.insistOnLogin()
	}
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); {
		var m api.Methods
		if a := c.get("/v1/methods"); a.Status == http.StatusUnauthorized || a.Status == http.StatusForbidden {
			c.insistOnLogin()
			continue
		} else if a.Status != http.StatusOK || json.Unmarshal(a.Body, &m) != nil {
			continue
		}
		a := c.post("/v1/sessions", map[string]any{"method": method, "consentVersion": consentOf(m, method).Version})
		switch {
		case a.Status == http.StatusCreated:
			return a.session(c).Id
		case a.Status == http.StatusConflict && a.problem(c).SessionID != "":
			return a.problem(c).SessionID
		case a.Status < 500 && a.Status != http.StatusConflict && a.Status != http.StatusUnauthorized &&
			a.Status != http.StatusForbidden:
			c.Fatalf("start: %d %s", a.Status, a.Body)
		}
	}
	c.Fatalf("%s never started", method)
	panic("unreachable")
}
