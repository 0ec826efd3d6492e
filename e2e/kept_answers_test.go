package e2e

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"realname/api"
	"realname/api/contract"
	"realname/e2e/world"
)

// keyed posts with an Idempotency-Key and records which operations were posted and
// which texts their answers hold.
type keyed struct {
	*clerk
	operations map[string]bool
	answers    []string
}

func (k *keyed) post(operation, path string, body any, status int) answer {
	k.Helper()
	k.operations[operation] = true
	a := k.clerk.post(path, body, "Idempotency-Key", fmt.Sprintf("kept-%d", len(k.operations)))
	if a.Status != status {
		k.Fatalf("%s: %d %s", path, a.Status, a.Body)
	}
	k.answers = append(k.answers, string(a.Body))
	return a
}

// wizard posts every step of a session by legal representative.
func (k *keyed) wizard() {
	c := k.clerk
	start := map[string]any{"method": "legal_representative", "consentVersion": c.consent("legal_representative")}
	s := k.post("startSession", "/v1/sessions", start, 201).session(c)
	at := "/v1/sessions/" + s.Id
	k.post("submitEnterprise", at+"/enterprise", c.enterprise(), 200)
	c.becomes(s.Id, "requires_input")
	l := c.who.LegalRepresentative
	k.post("sendSmsCode", at+"/sms-codes", map[string]any{
		"step": "legal_representative", "mobile": l.Mobile, "bankCardNumber": l.CardNumber,
	}, 202)
	k.post("submitLegalRepresentative", at+"/legal-representative", c.legalRepresentative(), 200)
	k.post("submitAccountHolder", at+"/account-holder", c.accountHolder(), 200)
	c.becomes(s.Id, "verified")
}

// card posts the requests of the methods with a bank and with a card. The card comes
// last, because it revokes the token.
func (k *keyed) card(challenges *[]string) {
	c := k.clerk
	s := c.beginBank()
	k.post("redirectToBank", "/v1/sessions/"+s.Id+"/bank-redirect", map[string]any{"bank": "CCB"}, 200)
	for _, of := range []struct{ operation, path string }{
		{"challengeAccountCard", "/v1/account/card/challenge"},
		{"challengeCard", "/v1/sessions/" + c.beginCard().Id + "/card-challenge"},
	} {
		var ch api.CardChallenge
		a := k.post(of.operation, of.path, map[string]any{}, 201)
		if err := json.Unmarshal(a.Body, &ch); err != nil || ch.Challenge == "" {
			c.Fatalf("%s %v", a.Body, err)
		}
		*challenges = append(*challenges, ch.Challenge)
		if session, ok := strings.CutSuffix(of.path, "/card-challenge"); ok {
			k.post("answerCard", session+"/card-answer", c.insert("good").sign(ch.Challenge), 200)
		}
	}
}

// operators posts the requests about an operator and returns the activation codes.
func (k *keyed) operators() []string {
	c := k.clerk
	var added api.OperatorAdded
	var renewed api.ActivationCode
	a := k.post("addOperator", "/v1/operators", c.operatorBody(1, stranger(60)), 201)
	if err := json.Unmarshal(a.Body, &added); err != nil {
		c.Fatal(err)
	}
	a = k.post("renewActivation", "/v1/operators/"+added.Operator.Id+"/activation-codes", nil, 201)
	if err := json.Unmarshal(a.Body, &renewed); err != nil {
		c.Fatal(err)
	}
	k.post("activate", "/v1/activations", map[string]any{
		"loginName": added.Operator.LoginName, "activationCode": renewed.ActivationCode, "newPassword": newPassword,
	}, 204)
	return []string{added.ActivationCode, renewed.ActivationCode}
}

// rights posts the requests about the personal data of the account's holder.
func (k *keyed) rights() {
	k.begin() // gives the consent
	k.post("withdrawConsent", "/v1/account/consent-withdrawals", nil, 200)
	k.post("requestErasure", "/v1/account/erasure-requests", map[string]any{"currentPassword": world.Password}, 201)
}

// contacts posts the requests about the account's mobile number, address and password.
// It returns the secret of the link.
func (k *keyed) contacts() string {
	c := k.clerk
	k.post("sendMobileCode", "/v1/account/mobile-codes", map[string]any{"mobile": "13812340071"}, 202)
	c.changed(c.changes("email", map[string]any{"email": "kept@example.com"}), world.Password)
	var m struct{ Link string }
	if a := c.get("/sandbox/email?to=kept@example.com"); json.Unmarshal(a.Body, &m) != nil {
		c.Fatalf("%s", a.Body)
	}
	_, secret, _ := strings.Cut(m.Link, "#")
	k.post("confirmEmail", "/v1/email-confirmations", map[string]any{"secret": secret}, 204)
	mobile := c.who.Administrator.Mobile
	code := c.resetCode(mobile, func() {
		k.post("sendResetCode", "/v1/password-reset-codes",
			map[string]any{"loginName": c.who.LoginName, "mobile": mobile}, 202)
	})
	k.post("resetPassword", "/v1/password-resets", map[string]any{
		"loginName": c.who.LoginName, "mobile": mobile, "smsCode": code, "newPassword": newPassword,
	}, 204)
	return secret
}

func TestNoKeptAnswerLiesInTheTableInClear(t *testing.T) {
	p := only(t)
	done := map[string]bool{}
	var answers, secrets []string
	post := func(do func(k *keyed)) {
		k := &keyed{p.clerkOf(t, world.Pass), done, nil}
		do(k)
		answers = append(answers, k.answers...)
	}
	post(func(k *keyed) { k.wizard() })
	post(func(k *keyed) { secrets = append(secrets, k.operators()...); secrets = append(secrets, k.contacts()) })
	post(func(k *keyed) { k.card(&secrets) })
	post(func(k *keyed) { k.rights() })
	if want := keyedOperations(t); !slices.Equal(slices.Sorted(maps.Keys(done)), want) {
		t.Errorf("posted %v, want %v", slices.Sorted(maps.Keys(done)), want)
	}
	raw := p.clerkOf(t, world.Pass).get("/sandbox/dump").Body
	var dump struct{ Table []map[string]any }
	if err := json.Unmarshal(raw, &dump); err != nil {
		t.Fatal(err)
	}
	kept := 0
	for _, it := range dump.Table {
		text := fmt.Sprint(it)
		if !strings.Contains(text, "IDEMPOTENCY#") {
			continue
		}
		kept++
		for name := range it["body"].(map[string]any)["M"].(map[string]any) {
			if !slices.Contains([]string{"fingerprint", "status", "running", "sealed", "packed"}, name) {
				t.Errorf("a kept answer has %s: %.200s", name, text)
			}
		}
	}
	if kept != len(done) {
		t.Errorf("%d kept answers of %d requests", kept, len(done))
	}
	lies := decoded(dump.Table)
	for _, clear := range append(secrets, answers...) {
		if clear != "" && strings.Contains(lies, clear) {
			t.Errorf("the table holds %.120s", clear)
		}
	}
}

// keyedOperations returns the operations that take an Idempotency-Key, sorted.
func keyedOperations(t *testing.T) []string {
	t.Helper()
	doc, err := contract.Load()
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, item := range doc.Paths.Map() {
		if op := item.Post; op != nil && op.Parameters.GetByInAndName("header", "Idempotency-Key") != nil {
			all = append(all, op.OperationID)
		}
	}
	slices.Sort(all)
	return all
}

// decoded returns every text in a dump, and what it holds in base64.
func decoded(value any) string {
	var all strings.Builder
	var walk func(any)
	walk = func(value any) {
		switch v := value.(type) {
		case []map[string]any:
			for _, e := range v {
				walk(e)
			}
		case []any:
			for _, e := range v {
				walk(e)
			}
		case map[string]any:
			for _, e := range v {
				walk(e)
			}
		case string:
			all.WriteString(v + "\n")
			for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
				if raw, err := enc.DecodeString(strings.TrimRight(v, "=")); err == nil {
					all.Write(raw)
				}
			}
		}
	}
	walk(value)
	return all.String()
}
