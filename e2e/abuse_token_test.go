package e2e

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"

	"realname/e2e/world"
)

// published returns the first public key that the service publishes: P-256 on a single
// machine, RSA on a stage.
func (p *place) published(t *testing.T) (kid string, key crypto.PublicKey) {
	t.Helper()
	var set struct {
		Keys []struct{ Kid, Kty, X, Y, N string }
	}
	if a := (&clerk{TB: t, at: p}).get("/v1/jwks.json"); json.Unmarshal(a.Body, &set) != nil || len(set.Keys) == 0 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	first := set.Keys[0]
	if first.Kty == "RSA" {
		return first.Kid, &rsa.PublicKey{N: new(big.Int).SetBytes(base64url(t, first.N)), E: 65537}
	}
	point := slices.Concat([]byte{4}, base64url(t, first.X), base64url(t, first.Y))
	ec, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	if err != nil {
		t.Fatal(err)
	}
	return first.Kid, ec
}

func base64url(t *testing.T, text string) []byte {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// bare returns the bytes of a public key without its encoding: a point or a modulus.
func bare(t *testing.T, key crypto.PublicKey) []byte {
	t.Helper()
	if k, ok := key.(*rsa.PublicKey); ok {
		return k.N.Bytes()
	}
	point, err := key.(*ecdsa.PublicKey).Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return point
}

// shared/auth/hostile_test.go covers the verifier. This test shows the same at
// the gateway: no forged token reaches a function, regardless of its algorithm.
func TestForgedTokensStopAtTheGateway(t *testing.T) {
	c, victim := shared.clerkOf(t, world.Pass), shared.clerkOf(t, world.Pass)
	kid, key := shared.published(t)
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	own, theirs := strings.Split(c.token, "."), strings.Split(victim.token, ".")
	claims := jwt.MapClaims{}
	if err := json.Unmarshal(base64url(t, theirs[1]), &claims); err != nil {
		t.Fatal(err)
	}
	signed := func(method jwt.SigningMethod, key any, header map[string]any) string {
		token := jwt.NewWithClaims(method, claims)
		token.Header["kid"] = kid
		for name, value := range header {
			token.Header[name] = value
		}
		text, err := token.SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	another, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	anotherRSA, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for name, token := range map[string]string{
		"alg none": signed(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, nil),
		"alg NONE": signed(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType,
			map[string]any{"alg": "NONE"}),
		"HS256 with the public key as PEM": signed(jwt.SigningMethodHS256,
			pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), nil),
		"HS256 with the public key as DER":   signed(jwt.SigningMethodHS256, der, nil),
		"HS256 with the bare public key":     signed(jwt.SigningMethodHS256, bare(t, key), nil),
		"HS256 with nothing":                 signed(jwt.SigningMethodHS256, []byte{}, nil),
		"another key under our key ID":       signed(jwt.SigningMethodES256, another, nil),
		"an RSA key under our key ID":        signed(jwt.SigningMethodRS256, anotherRSA, nil),
		"an RSA key under our key ID, PS256": signed(jwt.SigningMethodPS256, anotherRSA, nil),
		"a key that it brings along": signed(jwt.SigningMethodES256, another,
			map[string]any{"jwk": map[string]any{"kty": "EC"}, "jku": "https://evil.example/jwks.json"}),
		"a key ID that is a path": signed(jwt.SigningMethodES256, another,
			map[string]any{"kid": "../../dev/null"}),
		"own signature, another's claims": own[0] + "." + theirs[1] + "." + own[2],
		"no signature":                    theirs[0] + "." + theirs[1] + ".",
		"two tokens":                      c.token + "," + victim.token,
	} {
		a := (&clerk{TB: t, at: shared, token: token}).get("/v1/account")
		if a.Status != 403 || a.message() != "Forbidden" {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
	}
	if a := victim.get("/v1/account"); a.Status != 200 {
		t.Errorf("the genuine token: %d", a.Status)
	}
}

// The gateway caches the authorizer's answer for a minute. A token that expires
// within that minute stops working at once.
func TestAnExpiredTokenEndsAtOnce(t *testing.T) {
	p := only(t, "--token-ttl", "2s")
	c := p.clerkOf(t, world.Pass)
	if a := c.get("/v1/account"); a.Status != 200 { // the gateway caches the answer
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	eventually(t, func() bool { return c.get("/v1/account").Status == 401 }, "the token expires")
	c.wants(c.get("/v1/methods"), 401, "token_revoked")
	c.wants(c.post("/v1/sessions", map[string]any{"method": "legal_representative", "consentVersion": "x"}),
		401, "token_revoked")
}

// Every route below a session or an operator belongs to one account.
// TestSomebodyElsesSessionIsNotFound covers the session routes of the wizard.
func TestAnotherAccountsTokenFindsNothing(t *testing.T) {
	c, thief := shared.clerkOf(t, world.Pass), shared.clerkOf(t, world.Pass)
	bank, card, operator := c.beginBank().Id, c.beginCard().Id, c.addOperator(1, stranger(70)).Operator.Id
	k := thief.insertCardOf(c.who.USCC, "good") // the victim's card, in the thief's reader
	given := k.sign(c.challenge(card))
	thief.refused(bank, "bank-redirect", map[string]any{"bank": "CCB"}, 404, "not_found")
	thief.refused(card, "card-challenge", map[string]any{}, 404, "not_found")
	thief.refused(card, "card-answer", given, 404, "not_found")
	thief.wants(thief.put("/v1/account/card", given), 422, "card_challenge_other_session")
	change := map[string]any{"name": "贼人", "idType": "resident_id", "idNumber": stranger(71)}
	thief.wants(thief.put("/v1/operators/"+operator, change, "If-Match", `"1"`), 404, "not_found")
	thief.wants(thief.delete("/v1/operators/"+operator), 404, "not_found")
	thief.wants(thief.post("/v1/operators/"+operator+"/activation-codes", map[string]any{}), 404, "not_found")
	// Idempotency keys are separate for each caller.
	mine := map[string]any{"method": "legal_representative", "consentVersion": c.consent("legal_representative")}
	first := c.post("/v1/sessions", mine, "Idempotency-Key", "shared-key").session(t)
	if second := thief.post("/v1/sessions", mine, "Idempotency-Key", "shared-key").session(t); second.Id == first.Id {
		t.Error("the key of another account gives its answer")
	}
	if a := c.answerCard(card, given); a.Status != 200 { // and the victim can still complete the check
		t.Errorf("%d %s", a.Status, a.Body)
	}
}
