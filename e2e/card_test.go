package e2e

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"realname/api"
	"realname/e2e/world"
)

func (c *clerk) enterpriseState() api.AspectState {
	c.Helper()
	var m api.Methods
	if a := c.get("/v1/methods"); a.Status != 200 || json.Unmarshal(a.Body, &m) != nil {
		c.Fatalf("methods: %d %s", a.Status, a.Body)
	}
	return m.Aspects.Enterprise
}

func TestCardVerifiesTheEnterpriseAfterANewLogin(t *testing.T) {
	for _, kind := range []string{"good", "rsa"} {
		t.Run(kind, func(t *testing.T) {
			c := shared.clerkOf(t, world.Pass)
			s := c.beginCard()
			k := c.insert(kind)
			if name := k.data("SpcGetEntName", nil)[0]; name != c.who.Name {
				t.Errorf("the card names %s", name)
			}
			number := k.data("SpcGetCertNo", nil)[0]
			a := c.answerCard(s.Id, k.sign(c.challenge(s.Id)))
			if a.Status != http.StatusOK {
				t.Fatalf("%d %s", a.Status, a.Body)
			}
			done := a.session(t)
			if done.Status != "verified" || done.Enterprise.Name != c.who.Name || len(done.Hints) != 1 ||
				done.Hints[0].Detail != "认证结果：IC认证成功！您需要退出所有应用后，重新登录才能生效。" {
				t.Errorf("got %+v", done)
			}
			for _, path := range []string{"/v1/methods", "/v1/account", "/v1/sessions/" + s.Id} {
				c.wants(c.get(path), 401, "token_revoked")
			}
			again := shared.login(t, c.who)
			if state := again.enterpriseState(); state.State != "passed" || state.Method == nil || *state.Method != "ic_card" {
				t.Errorf("aspect: %+v", state)
			}
			if got := again.get("/v1/sessions/" + s.Id).session(t); got.Status != "verified" {
				t.Errorf("session: %+v", got)
			}
			if card := again.card(); card == nil || card.CertificateNumber != number {
				t.Errorf("bound card: %+v, want %s", card, number)
			}
		})
	}
}

func TestEachCardTroubleIsRefusedByItsOwnCode(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	s := c.beginCard()
	for _, trouble := range []struct {
		kind   string
		status int
		code   string
	}{
		{"rsa_sha1", 422, "card_sha1_not_accepted"},
		{"revoked", 422, "card_revoked"},
		{"expired", 422, "card_expired"},
		{"not_yet_valid", 422, "card_not_yet_valid"},
		{"encryption", 422, "card_usage_wrong"},
		{"unnamed", 422, "card_enterprise_missing"},
		{"unknown_issuer", 422, "card_issuer_unknown"},
		{"stale_crl", 503, "card_crl_stale"},
		{"no_crl", 503, "card_crl_unavailable"},
	} {
		t.Run(trouble.kind, func(t *testing.T) {
			c := c.in(t)
			p := c.wants(c.answerCard(s.Id, c.insert(trouble.kind).sign(c.challenge(s.Id))), trouble.status, trouble.code)
			if p.AttemptsLeft != nil && *p.AttemptsLeft != 5 {
				t.Errorf("it cost a try: %d left", *p.AttemptsLeft)
			}
			if trouble.status == 503 && p.RetryAfter == 0 {
				t.Error("it does not say when to try again")
			}
			if trouble.status == 422 && len(p.Alternatives) == 0 {
				t.Error("it names no other way")
			}
		})
	}
	if state := c.enterpriseState(); state.State != "not_passed" {
		t.Errorf("aspect: %+v", state)
	}
	other := shared.take(t, world.Pass)
	p := c.wants(c.answerCard(s.Id, c.insertCardOf(other.USCC, "good").sign(c.challenge(s.Id))),
		422, "card_enterprise_mismatch")
	if p.AttemptsLeft == nil || *p.AttemptsLeft != 4 {
		t.Errorf("another enterprise's card: %+v", p)
	}
	if a := c.answerCard(s.Id, c.insert("good").sign(c.challenge(s.Id))); a.Status != 200 {
		t.Errorf("the right card afterwards: %d %s", a.Status, a.Body)
	}
}

func TestChallengeIsAnsweredOnceAndOnlyByItsSession(t *testing.T) {
	c, other := shared.clerkOf(t, world.Pass), shared.clerkOf(t, world.Pass)
	s, theirs := c.beginCard(), other.beginCard()
	k := c.insert("good")

	c.wants(c.answerCard(s.Id, k.sign(other.challenge(theirs.Id))), 422, "card_challenge_other_session")
	c.wants(c.answerCard(s.Id, k.sign(c.challengeAt("/v1/account/card/challenge"))), 422, "card_challenge_other_session")
	c.wants(c.answerCard(s.Id, k.sign("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")), 422, "card_challenge_unknown")

	first := c.challenge(s.Id)
	changed := k.sign(c.challenge(s.Id))
	changed["challenge"] = first
	p := c.wants(c.answerCard(s.Id, changed), 422, "card_signature_wrong")
	if p.AttemptsLeft == nil || *p.AttemptsLeft != 4 {
		t.Errorf("%+v", p)
	}
	c.wants(c.answerCard(s.Id, k.sign(first)), 422, "card_challenge_used")

	right := k.sign(c.challenge(s.Id))
	malformed := map[string]any{"challenge": right["challenge"], "certificate": "QUJD", "signature": right["signature"]}
	if p := c.wants(c.answerCard(s.Id, malformed), 400, "invalid_request"); p.Errors[0].Pointer != "/certificate" {
		t.Errorf("%+v", p.Errors)
	}
	if a := c.answerCard(s.Id, right); a.Status != 200 { // the undecided attempts did not use up the challenge
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	c = shared.login(t, c.who)
	c.wants(c.answerCard(s.Id, right), 409, "step_not_open")
}

func TestTwoAnswersAtOnceAreDecidedOnce(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	s := c.beginCard()
	k := c.insert("good")
	wrong := k.sign(c.challenge(s.Id))
	wrong["challenge"] = c.challenge(s.Id)
	body, err := json.Marshal(wrong)
	if err != nil {
		t.Fatal(err)
	}
	codes := make(chan string, 8)
	for range cap(codes) {
		go func() {
			a, err := c.exchange("POST", "/v1/sessions/"+s.Id+"/card-answer", body)
			var p problem
			if err != nil || json.Unmarshal(a.Body, &p) != nil {
				p.Code = "trouble"
			}
			codes <- p.Code
		}()
	}
	count := map[string]int{}
	for range cap(codes) {
		count[<-codes]++
	}
	if count["card_signature_wrong"] != 1 ||
		count["card_signature_wrong"]+count["conflict"]+count["card_challenge_used"] != cap(codes) {
		t.Errorf("got %v", count)
	}
	if left := c.get("/v1/sessions/" + s.Id).session(t).Steps[0].AttemptsLeft; left != 4 {
		t.Errorf("%d tries left, want 4", left)
	}
}

func TestControlTellsWhatIsWrongWithReaderAndPIN(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	if a := c.connect(url.Values{"reader": {"missing"}}).ask("SpcGetCertNo", nil); a.Args.Result ||
		len(a.Args.Error) != 2 || a.Args.Error[1] != "Err:Custom50070" {
		t.Errorf("missing reader: %+v", a)
	}
	k := c.insert("revoked") // no other test locks this enterprise's card
	for try := range 7 {
		a := k.ask("SpcSignDataAsPEM", map[string]string{"inData": "x", "passwd": "00000000"})
		locked := strings.Contains(strings.Join(a.Args.Error, " "), "锁定")
		if a.Args.Result || locked != (try >= 5) {
			t.Errorf("try %d: %+v", try, a)
		}
	}
	if a := k.ask("SpcSignDataAsPEM", map[string]string{"inData": "x", "passwd": pin}); a.Args.Result {
		t.Error("a locked card signs")
	}
}
