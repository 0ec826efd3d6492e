package auth_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"realname/shared/auth"
)

// subject is account-1, signed in until 2100.
func subject(uscc string, tokensFrom time.Time) auth.Subject {
	return auth.Subject{
		AccountID: "account-1", USCC: uscc, SignInID: "sign-in-1", TokensFrom: tokensFrom,
		EndsAt: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC),
	}
}

// A token lives no longer than its sign-in.
func TestATokenEndsWithItsSignIn(t *testing.T) {
	s := newStand(t)
	for _, c := range []struct{ left, want time.Duration }{
		{24 * time.Hour, time.Hour}, {time.Hour, time.Hour}, {59 * time.Minute, 59 * time.Minute}, {time.Minute, time.Minute},
	} {
		of := subject("", time.Time{})
		of.EndsAt = s.now.Add(c.left)
		_, made, err := s.issuer.Issue(t.Context(), of, s.now)
		if err != nil || !made.ExpiresAt.Equal(s.now.Add(c.want).Truncate(time.Second)) {
			t.Errorf("%v left: expires %v, %v", c.left, made.ExpiresAt, err)
		}
	}
}

func TestATokenSaysWhomItIsOf(t *testing.T) {
	s := newStand(t)
	token, made, err := s.issuer.Issue(t.Context(), subject("91130100MA0R01NM09", time.Time{}), s.now)
	if err != nil {
		t.Fatal(err)
	}
	expires := s.now.Add(time.Hour).Truncate(time.Second)
	want := auth.Claims{
		AccountID: "account-1", USCC: "91130100MA0R01NM09", SignInID: "sign-in-1", IssuedAt: s.now, ExpiresAt: expires,
	}
	reads(t, s, token, made, want)
	token, made, err = s.machines.IssueMachine(t.Context(), "client-1", "status:read")
	if err != nil {
		t.Fatal(err)
	}
	want = auth.Claims{ClientID: "client-1", Scope: "status:read", IssuedAt: s.now, ExpiresAt: expires}
	reads(t, s, token, made, want)
}

func reads(t *testing.T, s *stand, token string, made, want auth.Claims) {
	t.Helper()
	read, err := s.verifier.Verify(t.Context(), token)
	if err != nil {
		t.Fatal(err)
	}
	read.IssuedAt, read.ExpiresAt = read.IssuedAt.UTC(), read.ExpiresAt.UTC()
	if made != want || read != want {
		t.Errorf("made %+v, read %+v, want %+v", made, read, want)
	}
}

func TestAMachinesTokenNamesOneClient(t *testing.T) {
	s := newStand(t)
	typ := map[string]any{"typ": "at+jwt"}
	for client, want := range map[string]error{"account-1": nil, "client-2": auth.ErrInvalid, "": auth.ErrInvalid} {
		token := s.signedBy(t, s.machineKey, s.machine, typ, func(c jwt.MapClaims) { c["client_id"] = client })
		if _, err := s.verifier.Verify(t.Context(), token); !errors.Is(err, want) {
			t.Errorf("client %s of subject account-1: %v, want %v", client, err, want)
		}
	}
}

// Whoever may sign machines' tokens, as oauth may, cannot make a token of a person, and
// the other way round, whatever the header and the claims say.
func TestAKeyVerifiesOnlyTokensOfItsKind(t *testing.T) {
	s := newStand(t)
	person := func(jwt.MapClaims) {}
	machine := func(c jwt.MapClaims) { c["client_id"] = c["sub"] }
	for what, c := range map[string]struct {
		key    *ecdsa.PrivateKey
		signer *auth.LocalSigner
		typ    any
		claims func(jwt.MapClaims)
		want   error
	}{
		"a person's":                               {s.key, s.signer, "JWT", person, nil},
		"a machine's":                              {s.machineKey, s.machine, "at+jwt", machine, nil},
		"a person's, machine key":                  {s.machineKey, s.machine, "JWT", person, auth.ErrInvalid},
		"a person's, machine key and type":         {s.machineKey, s.machine, "at+jwt", person, auth.ErrInvalid},
		"a machine's, person key":                  {s.key, s.signer, "at+jwt", machine, auth.ErrInvalid},
		"a machine's, person key and type":         {s.key, s.signer, "JWT", machine, auth.ErrInvalid},
		"a person's of another type":               {s.key, s.signer, "at+jwt", person, auth.ErrInvalid},
		"a machine's of another type":              {s.machineKey, s.machine, "JWT", machine, auth.ErrInvalid},
		"a person's without a type":                {s.key, s.signer, nil, person, auth.ErrInvalid},
		"a person's, machine key, ID of the other": {s.machineKey, s.signer, "JWT", person, auth.ErrInvalid},
		"a machine's, person key, ID of the other": {s.key, s.machine, "at+jwt", machine, auth.ErrInvalid},
	} {
		token := s.signedBy(t, c.key, c.signer, map[string]any{"typ": c.typ}, c.claims)
		claims, err := s.verifier.Verify(t.Context(), token)
		if !errors.Is(err, c.want) || err != nil && claims != (auth.Claims{}) {
			t.Errorf("%s: %+v %v", what, claims, err)
		}
	}
	swapped := s.machines
	token, _, err := swapped.Issue(t.Context(), subject("", time.Time{}), s.now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.verifier.Verify(t.Context(), token); !errors.Is(err, auth.ErrInvalid) {
		t.Errorf("a person's token by the machines' issuer: %v", err)
	}
}

func TestATokenHasAtMost4096Characters(t *testing.T) {
	s := newStand(t)
	of := func(length int) string {
		for extra := range 8 {
			header := map[string]any{"pad": strings.Repeat("x", extra)}
			for pad := 2600; pad < 3000; pad++ {
				token := s.signed(t, header, func(c jwt.MapClaims) { c["pad"] = strings.Repeat("x", pad) })
				if len(token) == length {
					return token
				}
				if len(token) > length {
					break
				}
			}
		}
		t.Fatalf("there is no token of %d characters", length)
		return ""
	}
	if _, err := s.verifier.Verify(t.Context(), of(4096)); err != nil {
		t.Errorf("4096 characters: %v", err)
	}
	if _, err := s.verifier.Verify(t.Context(), of(4097)); !errors.Is(err, auth.ErrInvalid) {
		t.Errorf("4097 characters: %v", err)
	}
}

// brokenKey is a key of a ring whose service fails.
type brokenKey struct{ id, algorithm, sign, public error }

func (k brokenKey) KeyID(context.Context) (string, error) { return "broken", k.id }

func (k brokenKey) Algorithm(context.Context) (auth.Algorithm, error) { return auth.ES256, k.algorithm }

func (k brokenKey) Sign(context.Context, []byte) ([]byte, error) { return nil, k.sign }

func (k brokenKey) PublicKeys(context.Context) (map[string]crypto.PublicKey, error) {
	return nil, k.public
}

func TestAKeyThatFailsIsToldApartFromABadToken(t *testing.T) {
	broken := errors.New("no network")
	s := newStand(t)
	failing := map[string]auth.Issuer{
		"no key":       {Signing: func(context.Context) (auth.Signer, error) { return nil, broken }},
		"no key ID":    {Signer: brokenKey{id: broken}},
		"no algorithm": {Signer: brokenKey{algorithm: broken}},
		"no signature": {Signer: brokenKey{sign: broken}},
	}
	for name, issuer := range failing {
		issuer.NewID, issuer.Now = s.issuer.NewID, s.issuer.Now
		token, _, err := issuer.Issue(t.Context(), subject("", time.Time{}), s.now)
		if !errors.Is(err, broken) || token != "" {
			t.Errorf("%s: %q, %v", name, token, err)
		}
	}
	token := s.issue(t)
	s.verifier.Persons = func(context.Context) (map[string]crypto.PublicKey, error) { return nil, broken }
	if _, err := s.verifier.Verify(t.Context(), token); !errors.Is(err, broken) || errors.Is(err, auth.ErrInvalid) {
		t.Errorf("no public keys: %v", err)
	}
}

func TestARingWithoutAChoiceSignsWithItsFirstKey(t *testing.T) {
	broken := errors.New("no network")
	s, other := newStand(t), newStand(t)
	choose := func(id string, err error) func(context.Context) (string, error) {
		return func(context.Context) (string, error) { return id, err }
	}
	one, two := []auth.RingKey{s.signer}, []auth.RingKey{s.signer, other.signer}
	nameless := []auth.RingKey{brokenKey{id: broken}, s.signer}
	for name, c := range map[string]struct {
		ring auth.Ring
		want auth.Signer
		err  error
	}{
		"one key, which is never asked for": {auth.Ring{Keys: one, Signing: choose("", broken)}, s.signer, nil},
		"nothing that chooses":              {auth.Ring{Keys: two}, s.signer, nil},
		"a choice that fails":               {auth.Ring{Keys: two, Signing: choose("", broken)}, nil, broken},
		"a key without an ID":               {auth.Ring{Keys: nameless, Signing: choose("x", nil)}, nil, broken},
	} {
		if got, err := c.ring.Current(t.Context()); !errors.Is(err, c.err) || got != c.want {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	if got, err := new(auth.Ring).Current(t.Context()); err == nil || got != nil {
		t.Errorf("no key: %v, %v", got, err)
	}
	failing := auth.Ring{Keys: []auth.RingKey{s.signer, brokenKey{id: broken, public: broken}}}
	if ids, err := failing.IDs(t.Context()); !errors.Is(err, broken) || ids != nil {
		t.Errorf("IDs: %v, %v", ids, err)
	}
	if keys, err := failing.PublicKeys(t.Context()); !errors.Is(err, broken) || keys != nil {
		t.Errorf("public keys: %v, %v", keys, err)
	}
	ring := auth.Ring{Keys: two}
	keys, err := ring.PublicKeys(t.Context())
	if err != nil || len(keys) != 2 {
		t.Errorf("public keys: %v, %v", keys, err)
	}
}

// A key ID is the thumbprint of RFC 7638: 32 bytes in base64url.
func TestPublishedKeysAreInOrderAndHaveTheirThumbprint(t *testing.T) {
	keys := map[string]crypto.PublicKey{}
	for range 8 {
		s := newStand(t)
		id, err := auth.Thumbprint(&s.key.PublicKey)
		if own, _ := s.signer.KeyID(t.Context()); err != nil || own != id || len(id) != 43 {
			t.Fatalf("thumbprint %q, key ID %q, %v", id, own, err)
		}
		keys[id] = &s.key.PublicKey
	}
	text, err := auth.JWKS(keys)
	if err != nil {
		t.Fatal(err)
	}
	var set struct{ Keys []map[string]string }
	if err := json.Unmarshal(text, &set); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, k := range set.Keys {
		ids = append(ids, k["kid"])
		kind := k["kty"] + " " + k["crv"] + " " + k["alg"] + " " + k["use"]
		if kind != "EC P-256 ES256 sig" || len(k["x"]) != 43 || len(k["y"]) != 43 {
			t.Errorf("%v", k)
		}
	}
	if len(ids) != 8 || !slices.IsSorted(ids) {
		t.Errorf("got %v", ids)
	}
	if text, err := auth.JWKS(nil); err != nil || string(text) != `{"keys":[]}` {
		t.Errorf("no keys: %s, %v", text, err)
	}
}

func TestKeysOnOtherCurvesAreNeitherSignersNorPublished(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if id, err := auth.Thumbprint(&key.PublicKey); err == nil || id != "" {
		t.Errorf("thumbprint %q, %v", id, err)
	}
	if text, err := auth.JWKS(map[string]crypto.PublicKey{"k": &key.PublicKey}); err == nil || text != nil {
		t.Errorf("published as %s, %v", text, err)
	}
	if _, err := auth.NewLocalSigner(key); err == nil {
		t.Error("a signer on P-384 is accepted")
	}
}
