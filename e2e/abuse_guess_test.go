package e2e

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"realname/e2e/world"
)

// One code allows five guesses out of a million, even if they arrive at the
// same time, and a number gets five codes a day. An attacker who guesses all
// day for one number succeeds with odds of 25 in 1,000,000.
func TestGuessesAtOnceAreCountedOneByOne(t *testing.T) {
	c, s := shared.atStep2(t)
	body := c.legalRepresentativeByCard(s)
	right := body["smsCode"].(string)
	codes := statuses(t, c.atOnce(40, func(i int) (answer, error) {
		guess := map[string]any{}
		for k, v := range body {
			guess[k] = v
		}
		if guess["smsCode"] = fmt.Sprintf("%06d", i); guess["smsCode"] == right {
			guess["smsCode"] = "999999"
		}
		raw, err := json.Marshal(guess)
		if err != nil {
			return answer{}, err
		}
		return c.exchange("POST", "/v1/sessions/"+s+"/legal-representative", raw)
	}))
	if told := codes["sms_code_wrong"]; told < 1 || told > 5 || codes[""] > 0 {
		t.Errorf("%d guesses were judged: %v", told, codes)
	}
	for range 5 { // use up the remaining guesses
		c.post("/v1/sessions/"+s+"/legal-representative", map[string]any{
			"by": "bank_card", "bankCardNumber": body["bankCardNumber"], "mobile": body["mobile"], "smsCode": other(right),
		})
	}
	c.refused(s, "legal-representative", body, 422, "sms_code_expired")
}

func other(code string) string {
	if code == "000000" {
		return "000001"
	}
	return "000000"
}

// statuses counts the problem codes of the answers. An answer without a problem
// counts as "".
func statuses(t *testing.T, answers []answer) map[string]int {
	t.Helper()
	count := map[string]int{}
	for _, a := range answers {
		var p problem
		if err := json.Unmarshal(a.Body, &p); err != nil && len(a.Body) > 0 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		count[p.Code]++
	}
	return count
}

func TestPasswordsTriedAtOnceAreCountedOneByOne(t *testing.T) {
	c := &clerk{TB: t, at: shared, who: shared.take(t, world.Pass)}
	codes := statuses(t, c.atOnce(30, func(i int) (answer, error) {
		return c.exchange("POST", "/v1/login", fmt.Appendf(nil, `{"loginName":%q,"password":"guess-%d"}`, c.who.LoginName, i))
	}))
	if codes["invalid_credentials"] > 4 || codes["login_locked"] < 26 {
		t.Errorf("%v", codes)
	}
	c.wants(c.post("/v1/login", map[string]any{"loginName": c.who.LoginName, "password": world.Password}),
		429, "login_locked")
}

// SMS pumping: the number of messages to one number is limited, regardless of
// the number of accounts and the request rate.
func TestManyAccountsSendNoMoreToOneNumber(t *testing.T) {
	p := only(t, "--sms-interval", "0s")
	const mobile = "13700000077"
	sent := 0
	for range 4 {
		c, s := p.atStep2(t)
		ask := fmt.Appendf(nil, `{"step":"legal_representative","mobile":%q,"bankCardNumber":%q}`, mobile,
			c.who.LegalRepresentative.CardNumber)
		send := func(int) (answer, error) { return c.exchange("POST", "/v1/sessions/"+s+"/sms-codes", ask) }
		for _, a := range c.atOnce(10, send) {
			if a.Status == 202 {
				sent++
			}
		}
		for range 10 { // one at a time, so that no collision hides a free slot
			if c.post("/v1/sessions/"+s+"/sms-codes", ask).Status == 202 {
				sent++
			}
		}
		for range 3 { // binding a number uses the same limit
			if c.post("/v1/account/mobile-codes", map[string]any{"mobile": mobile}).Status == 202 {
				sent++
			}
		}
	}
	if sent != 5 {
		t.Errorf("%d messages went to one number, want 5", sent)
	}
}

// A password reset sends its code to the bound number only.
func TestAPasswordResetSendsNothingToStrangers(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	anybody := &clerk{TB: t, at: shared}
	for i, name := range []string{c.who.LoginName, "nobody-at-all"} {
		mobile := fmt.Sprintf("1370000008%d", i)
		if a := anybody.post("/v1/password-reset-codes",
			map[string]any{"loginName": name, "mobile": mobile}); a.Status != 202 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		c.noMessage(mobile)
		anybody.wants(anybody.post("/v1/password-reset-codes", map[string]any{"loginName": name, "mobile": mobile}),
			429, "sms_limit_reached")
	}
}

// Strangers lock the owner's login name. The owner's browser, which signed in before,
// gets through. Other browsers do not, and their answers do not reveal whether the name
// exists.
func TestStrangersDoNotLockOutAKnownBrowser(t *testing.T) {
	c, anybody := shared.clerkOf(t, world.Pass), &clerk{TB: t, at: shared}
	signIn := func(name, password, cookie string) answer {
		return anybody.post("/v1/login", map[string]any{"loginName": name, "password": password}, "Cookie", cookie)
	}
	first := signIn(c.who.LoginName, world.Password, "unrelated=1")
	given, err := http.ParseSetCookie(first.Header.Get("Set-Cookie"))
	if err != nil || !given.HttpOnly || !given.Secure || given.SameSite != http.SameSiteStrictMode || given.Path != "/" ||
		given.Domain != "" || given.MaxAge != 180*24*3600 || len(given.Value) != 27 {
		t.Fatalf("%+v, %v", given, err)
	}
	device := given.Name + "=" + given.Value
	unknown := given.Name + "=" + strings.Repeat("A", 27)
	nobody := c.who.LoginName + "-nobody"
	for _, name := range []string{c.who.LoginName, nobody} {
		for range 4 {
			anybody.wants(signIn(name, "wrong", unknown), 401, "invalid_credentials")
		}
		anybody.wants(signIn(name, "wrong", unknown), 429, "login_locked")
	}
	if a := signIn(c.who.LoginName, world.Password, "x=y; "+device); a.Status != 200 {
		t.Fatalf("the known browser: %d %s", a.Status, a.Body)
	}
	for _, cookie := range []string{unknown, "x=y", given.Name + "=short"} {
		exists, other := signIn(c.who.LoginName, world.Password, cookie), signIn(nobody, world.Password, cookie)
		anybody.wants(exists, 429, "login_locked")
		anybody.wants(other, 429, "login_locked")
		if a, b := slices.Sorted(maps.Keys(exists.Header)), slices.Sorted(maps.Keys(other.Header)); !slices.Equal(a, b) {
			t.Errorf("headers %v and %v", a, b)
		}
	}
	// A stolen secret does not allow endless guesses.
	for range 4 {
		anybody.wants(signIn(c.who.LoginName, "wrong", device), 401, "invalid_credentials")
	}
	anybody.wants(signIn(c.who.LoginName, "wrong", device), 429, "login_locked")
	anybody.wants(signIn(c.who.LoginName, world.Password, device), 429, "login_locked")
}
