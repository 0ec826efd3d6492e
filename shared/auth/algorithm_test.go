package auth_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"math/big"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"

	"realname/shared/auth"
)

// rsaKey is an RSA key of a ring, as KMS holds it.
type rsaKey struct{ *rsa.PrivateKey }

func newRSAKey(t testing.TB) rsaKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return rsaKey{key}
}

func (k rsaKey) KeyID(context.Context) (string, error) { return auth.Thumbprint(k.Public()) }

func (k rsaKey) Algorithm(context.Context) (auth.Algorithm, error) { return auth.RS256, nil }

func (k rsaKey) Sign(_ context.Context, digest []byte) ([]byte, error) {
	return rsa.SignPKCS1v15(nil, k.PrivateKey, crypto.SHA256, digest)
}

func (k rsaKey) PublicKeys(ctx context.Context) (map[string]crypto.PublicKey, error) {
	id, err := k.KeyID(ctx)
	return map[string]crypto.PublicKey{id: k.Public()}, err
}

// rsaStand is a stand whose persons' tokens are signed with RSA.
func rsaStand(t testing.TB) (*stand, rsaKey) {
	t.Helper()
	s, key := newStand(t), newRSAKey(t)
	s.issuer.Signer, s.verifier.Persons = key, key.PublicKeys
	return s, key
}

func TestEveryChangedCharacterOfAnRS256TokenIsRefused(t *testing.T) {
	s, _ := rsaStand(t)
	token := s.issue(t)
	if claims, err := s.verifier.Verify(t.Context(), token); err != nil || claims.AccountID != "account-1" {
		t.Fatal(claims, err)
	}
	s.refusesEveryChange(t, token)
}

// A token has the algorithm of the key that it names, whatever its header claims: a
// signature by another algorithm is refused, even one that the key itself made, and the
// public half of a key is not a secret.
func TestNoHeaderChoosesTheAlgorithm(t *testing.T) {
	s, key := rsaStand(t)
	published := func(context.Context) (map[string]crypto.PublicKey, error) {
		own, _ := s.signer.PublicKeys(t.Context())
		keys, err := key.PublicKeys(t.Context())
		for id, k := range own {
			keys[id] = k
		}
		return keys, err
	}
	s.verifier.Persons = published
	rsID, _ := key.KeyID(t.Context())
	esID, _ := s.signer.KeyID(t.Context())
	signed := func(kid string, m jwt.SigningMethod, key any) string {
		return signedWith(t, m, key, s.claims(), map[string]any{"kid": kid})
	}
	for name, token := range map[string]string{
		"RS256": signed(rsID, jwt.SigningMethodRS256, key.PrivateKey), "ES256": signed(esID, jwt.SigningMethodES256, s.key),
	} {
		if _, err := s.verifier.Verify(t.Context(), token); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	rsDER, _ := x509.MarshalPKIXPublicKey(key.Public())
	esDER, _ := x509.MarshalPKIXPublicKey(s.key.Public())
	bad := map[string]string{
		"RS256, ID of the P-256 key": signed(esID, jwt.SigningMethodRS256, key.PrivateKey),
		"ES256, ID of the RSA key":   signed(rsID, jwt.SigningMethodES256, s.key),
		"none, ID of the RSA key":    signed(rsID, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType),
	}
	for _, m := range []jwt.SigningMethod{
		jwt.SigningMethodPS256, jwt.SigningMethodRS384, jwt.SigningMethodRS512, jwt.SigningMethodPS512,
	} {
		bad[m.Alg()+" by the RSA key"] = signed(rsID, m, key.PrivateKey)
	}
	for kid, der := range map[string][]byte{rsID: rsDER, esID: esDER} {
		bad["HS256 with the public key as DER, "+kid] = signed(kid, jwt.SigningMethodHS256, der)
		bad["HS256 with the public key as PEM, "+kid] = signed(kid, jwt.SigningMethodHS256,
			pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
	}
	bad["HS256 with the modulus"] = signed(rsID, jwt.SigningMethodHS256, key.N.Bytes())
	// The header says that the signature is of the other algorithm.
	parts := strings.Split(signed(rsID, jwt.SigningMethodRS256, key.PrivateKey), ".")
	header := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"ES256","kid":"` + rsID + `","typ":"JWT"}`))
	bad["RS256 that claims ES256"] = header + "." + parts[1] + "." + parts[2]
	for name, token := range bad {
		if c, err := s.verifier.Verify(t.Context(), token); !errors.Is(err, auth.ErrInvalid) || c != (auth.Claims{}) {
			t.Errorf("%s: %+v, %v", name, c, err)
		}
	}
}

// The example of RFC 7638, 3.1.
func TestTheThumbprintOfAnRSAKeyIsThatOfTheRFC(t *testing.T) {
	const n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCi" +
		"FV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0" +
		"zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-cs" +
		"FCur-kEgU8awapJzKnqDKgw"
	modulus, err := base64.RawURLEncoding.DecodeString(n)
	if err != nil {
		t.Fatal(err)
	}
	key := &rsa.PublicKey{N: new(big.Int).SetBytes(modulus), E: 65537}
	id, err := auth.Thumbprint(key)
	if err != nil || id != "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs" {
		t.Errorf("%q, %v", id, err)
	}
}

func TestKeysOfBothAlgorithmsArePublished(t *testing.T) {
	s, key := rsaStand(t)
	text, err := auth.JWKS(map[string]crypto.PublicKey{"a": s.key.Public(), "b": key.Public()})
	if err != nil {
		t.Fatal(err)
	}
	var set struct{ Keys []map[string]string }
	if err := json.Unmarshal(text, &set); err != nil || len(set.Keys) != 2 {
		t.Fatal(string(text), err)
	}
	ec, r := set.Keys[0], set.Keys[1]
	if ec["kty"]+ec["crv"]+ec["alg"] != "ECP-256ES256" || len(ec) != 7 {
		t.Errorf("%v", ec)
	}
	n, err := base64.RawURLEncoding.DecodeString(r["n"])
	if err != nil || r["kty"]+r["alg"]+r["use"]+r["kid"] != "RSARS256sigb" || r["e"] != "AQAB" || len(r) != 6 ||
		new(big.Int).SetBytes(n).Cmp(key.N) != 0 {
		t.Errorf("%v, %v", r, err)
	}
}

func TestAKeyHasOneAlgorithmOrNone(t *testing.T) {
	small, err := rsa.GenerateKey(rand.Reader, 2047)
	if err != nil {
		t.Fatal(err)
	}
	p256, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	p384, _ := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	for name, c := range map[string]struct {
		key  crypto.PublicKey
		want auth.Algorithm
	}{
		"P-256":    {p256.Public(), auth.ES256},
		"P-384":    {p384.Public(), ""},
		"RSA 2048": {newRSAKey(t).Public(), auth.RS256},
		"RSA 2047": {small.Public(), ""},
		"a secret": {[]byte("secret"), ""},
		"nothing":  {nil, ""},
	} {
		if got, err := auth.AlgorithmOf(c.key); got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%s: %q, %v", name, got, err)
		}
		if id, err := auth.Thumbprint(c.key); (err == nil) != (c.want != "") || (id == "") != (c.want == "") {
			t.Errorf("%s: thumbprint %q, %v", name, id, err)
		}
	}
}
