package e2e

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"realname/api"
	"realname/e2e/faults"
	"realname/e2e/world"
)

// Sessions of every method run at once while table, workflow, providers and
// receivers fail in every way at random. When all has come to rest, what is
// stored agrees: package faults says what that means.
func TestWhatIsStoredAgreesAfterAnyTrouble(t *testing.T) {
	p := only(t, "--sms-interval", "0s", "--notify-every", "300ms", "--notify-first", "100ms", "--rate", "1000000", "--burst", "1000000")
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	calm := p.trouble(t, seed)
	t.Run("sessions", func(t *testing.T) {
		for n := range 60 {
			method := []string{"legal_representative", "bank_ukey", "ic_card"}[n%3]
			t.Run(method, func(t *testing.T) {
				t.Parallel()
				c := &clerk{TB: t, at: p, who: p.take(t, world.Pass)}
				c.insist(method)
				if method != "legal_representative" {
					c.insist("account_holder")
				}
			})
		}
	})
	calm()
	if n := strings.Count(p.log.String(), "sandbox fault") + strings.Count(p.log.String(), "aborted on request"); n < 50 {
		t.Errorf("only %d things failed", n)
	}
	var wrong []string
	for end := time.Now().Add(30 * time.Second); ; {
		state, err := faults.Read((&clerk{TB: t, at: p}).get("/sandbox/dump").Body)
		if err != nil {
			t.Fatal(err)
		}
		if wrong = state.Check(time.Now()); len(wrong) == 0 && state.Verified() == 100 { // 60, and the holders of 40
			break
		}
		if time.Now().After(end) {
			t.Fatalf("%d sessions are verified, want 100; %d things do not agree: %q", state.Verified(), len(wrong), wrong)
		}
	}
}

// trouble makes one thing after another fail, and one function after another end
// in the midst of its work, until it is told to stop.
func (p *place) trouble(t *testing.T, seed uint64) (calm func()) {
	c := &clerk{TB: t, at: p}
	targets := []string{"registry", "id_card", "bank_card", "sms", "table", "table", "workflow", "webhook", "event_bus"}
	modes := []string{"timeout", "error", "throttle", "drop_answer"}
	random := rand.New(rand.NewPCG(seed, 0))
	set := func(target, mode string, times int) {
		raw, err := json.Marshal(map[string]any{"target": target, "mode": mode, "times": times})
		if err == nil {
			_, err = c.exchange("POST", "/sandbox/faults", raw)
		}
		if err != nil {
			t.Error(err)
		}
	}
	functions := []string{"enterprise", "legal-representative", "account-holder", "sessions", "finish", "notify", "repair", "bank-redirect", "bank-callback", "card-challenge", "card-answer"}
	end := func(function string, call int) {
		if _, err := c.exchange("POST", "/sandbox/aborts", fmt.Appendf(nil, `{"function":%q,"call":%d}`, function, call)); err != nil {
			t.Error(err)
		}
	}
	stop := make(chan struct{})
	var done sync.WaitGroup
	done.Go(func() {
		for {
			select {
			case <-stop:
				for _, target := range targets {
					set(target, "error", 0)
				}
				return
			case <-time.After(5 * time.Millisecond):
				set(targets[random.IntN(len(targets))], modes[random.IntN(len(modes))], 1+random.IntN(2))
				if random.IntN(10) == 0 { // seldom, since an abort waits until it is met
					end(functions[random.IntN(len(functions))], 1+random.IntN(5))
				}
			}
		}
	})
	return sync.OnceFunc(func() { close(stop); done.Wait() })
}

// insist takes a session of the method to its end, whatever fails on the way: it
// looks where the session stands and does what is due, over and over.
func (c *clerk) insist(method string) {
	c.Helper()
	s := c.insistOnStart(method)
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); {
		a := c.get("/v1/sessions/" + s)
		if a.Status == http.StatusUnauthorized {
			c.insistOnLogin()
			continue
		}
		if a.Status != http.StatusOK {
			continue
		}
		now := a.session(c)
		if now.Status == "verified" {
			c.insistOnLogin() // a card's pass ends the login before it
			return
		}
		if now.Status != "requires_input" && now.Status != "processing" {
			c.Fatalf("%s ended as %s", method, now.Status)
		}
		if now.Step == nil {
			continue
		}
		if a := c.due(s, string(*now.Step)); a.Status >= 400 && a.Status < 500 && a.Status != 401 && a.Status != 409 {
			c.Fatalf("%s: %d %s", *now.Step, a.Status, a.Body)
		}
	}
	c.Fatalf("%s is stuck", method)
}

// due does what the step asks for, once.
func (c *clerk) due(session, step string) answer {
	c.Helper()
	path := "/v1/sessions/" + session + "/"
	switch step {
	case "enterprise":
		return c.post(path+"enterprise", c.enterprise())
	case "legal_representative":
		return c.post(path+"legal-representative", c.legalRepresentative())
	case "account_holder":
		return c.post(path+"account-holder", c.accountHolder())
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
		return c.answerCard(session, c.insert("good").sign(given.Challenge))
	}
	c.Fatalf("step %s", step)
	panic("unreachable")
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

// insistOnStart begins a session; one that began without a word is named by the
// refusal of the next.
func (c *clerk) insistOnStart(method string) string {
	c.Helper()
	if c.token == "" {
		c.insistOnLogin()
	}
	for range 200 {
		var m api.Methods
		if a := c.get("/v1/methods"); a.Status != http.StatusOK || json.Unmarshal(a.Body, &m) != nil {
			continue
		}
		a := c.post("/v1/sessions", map[string]any{"method": method, "consentVersion": m.Consent.Version})
		switch {
		case a.Status == http.StatusCreated:
			return a.session(c).Id
		case a.Status == http.StatusConflict && a.problem(c).SessionID != "":
			return a.problem(c).SessionID
		case a.Status < 500 && a.Status != http.StatusConflict:
			c.Fatalf("start: %d %s", a.Status, a.Body)
		}
	}
	c.Fatalf("%s never started", method)
	panic("unreachable")
}
