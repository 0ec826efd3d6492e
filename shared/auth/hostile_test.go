package auth_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"realname/shared/auth"
)

var start = time.Date(2026, 3, 1, 8, 0, 0, 123_000_000, time.UTC)

type stand struct {
	key, machineKey *ecdsa.PrivateKey
	signer, machine *auth.LocalSigner
	issuer          auth.Issuer // of persons' tokens
	machines        auth.Issuer
	verifier        auth.Verifier
	now             time.Time
}

func newStand(t testing.TB) *stand {
	t.Helper()
	s := &stand{now: start}
	for _, k := range []struct {
		key    **ecdsa.PrivateKey
		signer **auth.LocalSigner
	}{{&s.key, &s.signer}, {&s.machineKey, &s.machine}} {
		var err error
		if *k.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
			t.Fatal(err)
		}
		if *k.signer, err = auth.NewLocalSigner(*k.key); err != nil {
			t.Fatal(err)
		}
	}
	now := func() time.Time { return s.now }
	s.issuer = auth.Issuer{
		Signer: s.signer, Name: "realname", Audience: "test", TTL: time.Hour,
		Now: now, NewID: func() string { return "id-1" },
	}
	s.machines = s.issuer
	s.machines.Signer = s.machine
	s.verifier = auth.Verifier{
		Persons: s.signer.PublicKeys, Machines: s.machine.PublicKeys, Name: "realname", Audience: "test", Now: now,
	}
	return s
}

func (s *stand) issue(t testing.TB) string {
	t.Helper()
	token, _, err := s.issuer.Issue(context.Background(), subject("91130100MA0R01NM09", time.Time{}), s.now)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// signed makes a person's token with our own key from any header and claims.
func (s *stand) signed(t *testing.T, header map[string]any, change func(jwt.MapClaims)) string {
	t.Helper()
	return s.signedBy(t, s.key, s.signer, header, change)
}

func (s *stand) signedBy(
	t *testing.T, key *ecdsa.PrivateKey, signer *auth.LocalSigner, header map[string]any, change func(jwt.MapClaims),
) string {
	t.Helper()
	claims := s.claims()
	change(claims)
	kid, _ := signer.KeyID(context.Background())
	all := map[string]any{"kid": kid}
	maps.Copy(all, header)
	return signedWith(t, jwt.SigningMethodES256, key, claims, all)
}

// claims are those of a person's token.
func (s *stand) claims() jwt.MapClaims {
	return jwt.MapClaims{
		"iss": "realname", "aud": "test", "sub": "account-1", "sid": "sign-in-1", "jti": "x",
		"iat": s.now.Unix(), "iat_ms": s.now.UnixMilli(), "exp": s.now.Add(time.Hour).Unix(),
	}
}

func signedWith(
	t *testing.T, m jwt.SigningMethod, key any, claims jwt.MapClaims, header map[string]any,
) string {
	t.Helper()
	token := jwt.NewWithClaims(m, claims)
	maps.Copy(token.Header, header)
	text, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// refusesEveryChange changes and pads each byte of a token.
func (s *stand) refusesEveryChange(t *testing.T, token string) {
	t.Helper()
	for i := range token {
		for _, b := range []byte{'A', 'B', 'w', '.', '\n'} {
			changed := []byte(token)
			if changed[i] = b; token[i] == b {
				continue
			}
			if _, err := s.verifier.Verify(context.Background(), string(changed)); !errors.Is(err, auth.ErrInvalid) {
				t.Fatalf("byte %d changed to %q: %v", i, b, err)
			}
		}
		padded := token[:i] + "\n" + token[i:]
		if _, err := s.verifier.Verify(context.Background(), padded); !errors.Is(err, auth.ErrInvalid) {
			t.Fatalf("line break at %d: %v", i, err)
		}
	}
}

func TestEveryChangedByteOfATokenIsRefused(t *testing.T) {
	s := newStand(t)
	s.refusesEveryChange(t, s.issue(t))
}

func TestAlgorithmTricksAreRefused(t *testing.T) {
	s := newStand(t)
	parts := strings.Split(s.issue(t), ".")
	point, _ := s.key.PublicKey.Bytes()
	kid, _ := s.signer.KeyID(context.Background())
	sign := func(m jwt.SigningMethod, key any) string {
		return signedWith(t, m, key, s.claims(), map[string]any{"kid": kid})
	}
	for name, token := range map[string]string{
		"none":                      sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType),
		"HS256 with the public key": sign(jwt.SigningMethodHS256, point),
		"no signature":              parts[0] + "." + parts[1] + ".",
		"empty":                     "", "dots": "..", "four parts": strings.Join(parts, ".") + ".x",
		"over the length": strings.Repeat("A", 5000),
	} {
		if _, err := s.verifier.Verify(context.Background(), token); !errors.Is(err, auth.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestClaimsAndHeadersThatAreRefused(t *testing.T) {
	s := newStand(t)
	same := func(jwt.MapClaims) {}
	set := func(name string, value any) func(jwt.MapClaims) {
		return func(c jwt.MapClaims) { c[name] = value }
	}
	drop := func(name string) func(jwt.MapClaims) { return func(c jwt.MapClaims) { delete(c, name) } }
	issuedIn := func(seconds int64) func(jwt.MapClaims) {
		at := s.now.Unix() + seconds
		return func(c jwt.MapClaims) { c["iat"], c["iat_ms"] = at, at*1000 }
	}
	for name, c := range map[string]struct {
		header map[string]any
		change func(jwt.MapClaims)
		want   error
	}{
		"as issued":              {nil, same, nil},
		"iat 29 s ahead":         {nil, issuedIn(29), nil},
		"iat 31 s ahead":         {nil, issuedIn(31), auth.ErrInvalid},
		"expired 1 s ago":        {nil, set("exp", s.now.Unix()-1), auth.ErrExpired},
		"other issuer":           {nil, set("iss", "x"), auth.ErrInvalid},
		"other audience":         {nil, set("aud", "prod"), auth.ErrInvalid},
		"no audience":            {nil, drop("aud"), auth.ErrInvalid},
		"no issuer":              {nil, drop("iss"), auth.ErrInvalid},
		"no expiry":              {nil, drop("exp"), auth.ErrInvalid},
		"no subject":             {nil, drop("sub"), auth.ErrInvalid},
		"no sign-in":             {nil, drop("sid"), auth.ErrInvalid},
		"no iat":                 {nil, drop("iat"), auth.ErrInvalid},
		"no iat_ms":              {nil, drop("iat_ms"), auth.ErrInvalid},
		"iat_ms of another time": {nil, set("iat_ms", s.now.UnixMilli()+5000), auth.ErrInvalid},
		"unknown key":            {map[string]any{"kid": "x"}, same, auth.ErrInvalid},
		"no key":                 {map[string]any{"kid": nil}, same, auth.ErrInvalid},
		"critical header":        {map[string]any{"crit": []string{"x"}}, same, auth.ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := s.verifier.Verify(context.Background(), s.signed(t, c.header, c.change)); !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
		})
	}
}

func TestATokenIsNeverBornRevoked(t *testing.T) {
	s := newStand(t)
	for _, from := range []time.Duration{
		-time.Second, -time.Millisecond, 0, 300 * time.Microsecond, time.Millisecond, 5 * time.Second,
	} {
		revoked := start.Add(from)
		token, made, err := s.issuer.Issue(context.Background(), subject("91130100MA0R01NM09", revoked), s.now)
		if err != nil {
			t.Fatal(err)
		}
		read, err := s.verifier.Verify(context.Background(), token)
		if err != nil || !read.IssuedAt.Equal(made.IssuedAt) || !read.IssuedAt.After(revoked) {
			t.Errorf("revoked at %v: %+v, %v", from, read, err)
		}
	}
}

func TestHostilePasswordHashesAreRefused(t *testing.T) {
	h := auth.NewHasher(rand.Reader)
	good, err := h.Hash("correct horse")
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := h.Verify(good, "correct horse"); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if ok, _ := h.Verify(good, "correct horsf"); ok {
		t.Fatal("another password matches")
	}
	for name, edit := range map[string][2]string{
		"4 GiB":         {"m=19456", "m=4194304"},
		"no memory":     {"m=19456", "m=0"},
		"no passes":     {"t=2", "t=0"},
		"many passes":   {"t=2", "t=99999"},
		"lanes":         {"p=1", "p=255"},
		"trailing text": {"p=1", "p=1junk"},
		"version":       {"v=19", "v=16"},
		"version text":  {"v=19", "v=19x"},
		"argon2i":       {"argon2id", "argon2i"},
		"prefix":        {"$argon2id", "x$argon2id"},
	} {
		bad := strings.Replace(good, edit[0], edit[1], 1)
		if ok, err := h.Verify(bad, "correct horse"); ok || !errors.Is(err, auth.ErrPasswordHash) {
			t.Errorf("%s: %v %v", name, ok, err)
		}
	}
}

func FuzzVerify(f *testing.F) {
	s, rs := newStand(f), newRSAKey(f)
	genuine := map[string]bool{s.issue(f): true}
	s.issuer.Signer = rs
	genuine[s.issue(f)] = true
	s.verifier.Persons = (&auth.Ring{Keys: []auth.RingKey{s.signer, rs}}).PublicKeys
	for token := range genuine {
		f.Add(token)
	}
	f.Add("eyJhbGciOiJub25lIn0.e30.")
	f.Fuzz(func(t *testing.T, token string) {
		if _, err := s.verifier.Verify(context.Background(), token); err == nil && !genuine[token] {
			t.Fatal("a forged token is accepted")
		}
	})
}

func FuzzVerifyPassword(f *testing.F) {
	h := auth.NewHasher(rand.Reader)
	f.Add("$argon2id$v=19$m=64,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	f.Fuzz(func(t *testing.T, encoded string) {
		if ok, _ := h.Verify(encoded, "password"); ok {
			t.Fatal("a made-up hash matches")
		}
	})
}
