package auth

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Claims are the contents of a token.
type Claims struct {
	AccountID string
	USCC      string    // the account's enterprise; if it changes, the token is revoked
	ClientID  string    // a machine client, instead of an account
	Scope     string    // a machine client's scopes, separated by spaces (RFC 6749, 3.3)
	SignInID  string    // the sign-in of the account that the token belongs to
	IssuedAt  time.Time // to the millisecond
	ExpiresAt time.Time
}

type jwtClaims struct {
	jwt.RegisteredClaims
	// IssuedAtMS is iat in milliseconds. Revocation by time is more precise than
	// the seconds of RFC 7519, 4.1.6.
	IssuedAtMS int64  `json:"iat_ms"`
	USCC       string `json:"uscc,omitempty"`
	SignInID   string `json:"sid,omitempty"`
	// ClientID and Scope belong to a machine client (RFC 9068, 2.2 and 2.2.3).
	ClientID string `json:"client_id,omitempty"`
	Scope    string `json:"scope,omitempty"`
}

// Errors of a token. ErrExpired is separate only for the log.
var (
	ErrInvalid = errors.New("auth: invalid token")
	ErrExpired = errors.New("auth: expired token")
)

// Kind is the kind of caller that a token is for. Each kind has its own token keys, and
// a token names its kind in the header typ (RFC 7515, 4.1.9).
type Kind string

// The kinds. RFC 9068, 2.1, defines the one of machine clients.
const (
	Person  Kind = "JWT"
	Machine Kind = "at+jwt"
)

// Signer signs with one key.
type Signer interface {
	KeyID(ctx context.Context) (string, error)
	Algorithm(ctx context.Context) (Algorithm, error)
	// Sign signs a SHA-256 digest. The signature has the form of RFC 7518: 3.4 for
	// ES256, which is r and s, 32 bytes each; 3.3 for RS256.
	Sign(ctx context.Context, digest []byte) ([]byte, error)
}

// Issuer makes tokens. An issuer of one kind has the keys of this kind only, so a
// function that issues machines' tokens cannot sign a person's.
type Issuer struct {
	Signer Signer
	// Signing replaces Signer if it is set: it returns the key that signs now,
	// as a Ring's Current does.
	Signing  func(ctx context.Context) (Signer, error)
	Name     string // iss
	Audience string // aud: the stage, so that no token works on another one
	TTL      time.Duration
	Now      func() time.Time
	NewID    func() string
}

// Subject is the signed-in account that a token is for.
type Subject struct {
	AccountID  string
	USCC       string
	SignInID   string
	TokensFrom time.Time // the account's revocation instant
	EndsAt     time.Time // the end of the sign-in
}

// Issue returns a token for the account, dated asOf. It lives for TTL, but no longer
// than the sign-in. The caller takes asOf before it reads the account, so that any
// later change of the account revokes the token. If asOf is not after TokensFrom, the
// token is dated one millisecond after it, so that a new token is never already revoked.
func (i *Issuer) Issue(ctx context.Context, s Subject, asOf time.Time) (string, Claims, error) {
	at := asOf.Truncate(time.Millisecond)
	if !at.After(s.TokensFrom) {
		at = s.TokensFrom.Truncate(time.Millisecond).Add(time.Millisecond)
	}
	ends := at.Add(i.TTL)
	if s.EndsAt.Before(ends) {
		ends = s.EndsAt
	}
	c := Claims{
		AccountID: s.AccountID, USCC: s.USCC, SignInID: s.SignInID, IssuedAt: at, ExpiresAt: ends.Truncate(time.Second),
	}
	token, err := i.sign(ctx, c, Person)
	return token, c, err
}

// IssueMachine returns a token for a machine client.
func (i *Issuer) IssueMachine(ctx context.Context, clientID, scope string) (string, Claims, error) {
	now := i.Now().Truncate(time.Millisecond)
	c := Claims{ClientID: clientID, Scope: scope, IssuedAt: now, ExpiresAt: now.Add(i.TTL).Truncate(time.Second)}
	token, err := i.sign(ctx, c, Machine)
	return token, c, err
}

func (i *Issuer) sign(ctx context.Context, c Claims, kind Kind) (string, error) {
	signer, err := i.Signer, error(nil)
	if i.Signing != nil {
		signer, err = i.Signing(ctx)
	}
	if err != nil {
		return "", err
	}
	kid, err := signer.KeyID(ctx)
	if err != nil {
		return "", fmt.Errorf("token key: %w", err)
	}
	algorithm, err := signer.Algorithm(ctx)
	if err != nil {
		return "", fmt.Errorf("token key: %w", err)
	}
	t := jwt.NewWithClaims(algorithm.method(), jwtClaims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: i.Name, Audience: jwt.ClaimStrings{i.Audience}, Subject: c.AccountID + c.ClientID, ID: i.NewID(),
			IssuedAt: jwt.NewNumericDate(c.IssuedAt), ExpiresAt: jwt.NewNumericDate(c.ExpiresAt),
		},
		IssuedAtMS: c.IssuedAt.UnixMilli(), USCC: c.USCC, SignInID: c.SignInID, ClientID: c.ClientID, Scope: c.Scope,
	})
	t.Header["kid"], t.Header["typ"] = kid, string(kind)
	text, err := t.SigningString()
	if err != nil {
		return "", fmt.Errorf("encode token: %w", err)
	}
	digest := sha256.Sum256([]byte(text))
	sig, err := signer.Sign(ctx, digest[:])
	if err != nil {
		return "", fmt.Errorf("sign token: %w", err)
	}
	return text + "." + t.EncodeSegment(sig), nil
}

// Verifier verifies tokens. A key verifies only the tokens of its kind.
type Verifier struct {
	Persons  PublicKeys
	Machines PublicKeys
	Name     string
	Audience string
	Now      func() time.Time
}

// PublicKeys returns public keys by key ID.
type PublicKeys func(ctx context.Context) (map[string]crypto.PublicKey, error)

// maxToken is the longest text, in bytes, that Verify parses.
const maxToken = 4096

// clockSkew is how far the issuer's clock may be ahead. It does not extend the
// life of a token.
const clockSkew = 30 * time.Second

// Verify returns the claims of a token that this issuer made for this audience
// and that has not expired. The key fixes the algorithm: a header that claims another
// one is refused.
// Errors: ErrExpired, ErrInvalid.
func (v *Verifier) Verify(ctx context.Context, token string) (Claims, error) {
	if len(token) > maxToken || strings.ContainsAny(token, "\r\n") { // base64 decoders skip line breaks
		return Claims{}, ErrInvalid
	}
	var c jwtClaims
	var kind Kind
	var failed error
	parser := jwt.NewParser(
		jwt.WithValidMethods([]string{string(ES256), string(RS256)}), jwt.WithIssuer(v.Name), jwt.WithAudience(v.Audience),
		jwt.WithExpirationRequired(), jwt.WithTimeFunc(v.Now), jwt.WithStrictDecoding(),
	)
	_, err := parser.ParseWithClaims(token, &c, func(t *jwt.Token) (any, error) {
		if _, critical := t.Header["crit"]; critical { // RFC 7515, 4.1.11: we support no extension
			return nil, ErrInvalid
		}
		kid, _ := t.Header["kid"].(string)
		var key crypto.PublicKey
		if key, kind, failed = v.key(ctx, kid); key == nil || t.Header["typ"] != string(kind) {
			return nil, ErrInvalid
		}
		if algorithm, err := AlgorithmOf(key); err != nil || t.Method != algorithm.method() {
			return nil, ErrInvalid
		}
		return key, nil
	})
	switch {
	case failed != nil:
		return Claims{}, fmt.Errorf("token keys: %w", failed)
	case errors.Is(err, jwt.ErrTokenExpired):
		return Claims{}, ErrExpired
	case err != nil || c.Subject == "" || c.IssuedAt == nil || c.IssuedAtMS == 0:
		return Claims{}, ErrInvalid
	case c.IssuedAt.Unix() != c.IssuedAtMS/1000:
		return Claims{}, ErrInvalid
	case c.IssuedAt.After(v.Now().Add(clockSkew)):
		return Claims{}, ErrInvalid
	}
	claims := Claims{
		USCC: c.USCC, SignInID: c.SignInID, ClientID: c.ClientID, Scope: c.Scope,
		IssuedAt: time.UnixMilli(c.IssuedAtMS), ExpiresAt: c.ExpiresAt.Time,
	}
	switch {
	case kind == Person && c.ClientID == "":
		if c.SignInID == "" { // it could not be ended by itself
			return Claims{}, ErrInvalid
		}
		claims.AccountID = c.Subject
	case kind == Machine && c.ClientID == c.Subject:
	default:
		return Claims{}, ErrInvalid
	}
	return claims, nil
}

// key returns the key with the ID and its kind; nil if there is none.
func (v *Verifier) key(ctx context.Context, id string) (crypto.PublicKey, Kind, error) {
	for _, of := range []struct {
		kind Kind
		keys PublicKeys
	}{{Person, v.Persons}, {Machine, v.Machines}} {
		keys, err := of.keys(ctx)
		if err != nil {
			return nil, "", err
		}
		if key := keys[id]; key != nil {
			return key, of.kind, nil
		}
	}
	return nil, "", nil
}

// LocalSigner signs with a P-256 key in memory.
type LocalSigner struct {
	key *ecdsa.PrivateKey
	id  string
}

// NewLocalSigner returns a signer whose key ID is the key's thumbprint.
func NewLocalSigner(key *ecdsa.PrivateKey) (*LocalSigner, error) {
	id, err := Thumbprint(&key.PublicKey)
	return &LocalSigner{key, id}, err
}

// KeyID implements Signer.
func (s *LocalSigner) KeyID(context.Context) (string, error) { return s.id, nil }

// Algorithm implements Signer.
func (s *LocalSigner) Algorithm(context.Context) (Algorithm, error) { return ES256, nil }

// Sign implements Signer.
func (s *LocalSigner) Sign(_ context.Context, digest []byte) ([]byte, error) {
	r, n, err := ecdsa.Sign(rand.Reader, s.key, digest)
	if err != nil {
		return nil, err
	}
	return append(r.FillBytes(make([]byte, 32)), n.FillBytes(make([]byte, 32))...), nil
}

// PublicKeys are the public keys of a Verifier for the signer's own key.
func (s *LocalSigner) PublicKeys(context.Context) (map[string]crypto.PublicKey, error) {
	return map[string]crypto.PublicKey{s.id: &s.key.PublicKey}, nil
}
