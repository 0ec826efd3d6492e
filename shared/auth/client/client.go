// Package client holds machine clients, which call the service without a
// person. Each has hashed secrets, scopes and a rate limit.
package client

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
	"time"
)

// Scopes that a client can have.
const (
	ScopeStatusRead = "status:read" // the real-name status of enterprises
)

// Scopes lists every scope.
func Scopes() []string { return []string{ScopeStatusRead} }

// Client is one machine client: a setting, named by its client ID.
type Client struct {
	Description string    `json:"description,omitempty"`
	Secrets     []Secret  `json:"secrets"`
	Scopes      []string  `json:"scopes"`
	PerMinute   int       `json:"perMinute"` // requests
	CreatedAt   time.Time `json:"createdAt"`
	// Retired is the instant from which the client gets no token and its tokens
	// stop working; zero while it is in use.
	Retired time.Time `json:"retired,omitzero"`
}

// Secret holds only the SHA-256 of a secret. A secret is 256 random bits, so a
// slow hash would add nothing.
type Secret struct {
	Hash  string    `json:"hash"`
	Since time.Time `json:"since"`
	Until time.Time `json:"until,omitzero"` // zero: until further notice
}

// secretPrefix lets scanners recognize a leaked secret.
const secretPrefix = "rns_"

// NewSecret generates a secret.
func NewSecret() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the process instead
	return secretPrefix + base64.RawURLEncoding.EncodeToString(b)
}

func hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Rotate adds a secret. Existing secrets stay valid for the overlap, in which
// the client switches to the new one; a later Rotate drops them.
func (c *Client) Rotate(secret string, now time.Time, overlap time.Duration) {
	secrets := slices.DeleteFunc(slices.Clone(c.Secrets), func(s Secret) bool { return !s.good(now) })
	for i := range secrets {
		if secrets[i].Until.IsZero() {
			secrets[i].Until = now.Add(overlap)
		}
	}
	secrets = append(secrets, Secret{Hash: hash(secret), Since: now})
	c.Secrets = secrets
}

func (s Secret) good(now time.Time) bool { return s.Until.IsZero() || now.Before(s.Until) }

// InUse reports whether the client is not retired.
func (c Client) InUse(now time.Time) bool { return c.Retired.IsZero() || now.Before(c.Retired) }

// Knows reports whether the secret is a valid one of a client in use.
func (c Client) Knows(secret string, now time.Time) bool {
	given, known := hash(secret), 0
	for _, s := range c.Secrets {
		if s.good(now) {
			known |= subtle.ConstantTimeCompare([]byte(given), []byte(s.Hash))
		}
	}
	return known == 1 && c.InUse(now)
}

// Grant returns the scopes of a token: the requested ones, or all of the
// client's if none is requested. ok is false if the client does not have a
// requested scope.
func (c Client) Grant(asked string) (scopes []string, ok bool) {
	wanted := strings.Fields(asked)
	if len(wanted) == 0 {
		return c.Scopes, true
	}
	for _, s := range wanted {
		if !slices.Contains(c.Scopes, s) {
			return nil, false
		}
	}
	slices.Sort(wanted)
	return slices.Compact(wanted), true
}

// ValidID reports whether the text can be a client ID: 2 to 40 lower-case
// letters, digits and hyphens, and the first is not a hyphen.
func ValidID(id string) bool {
	const allowed = "abcdefghijklmnopqrstuvwxyz0123456789-"
	return len(id) >= 2 && len(id) <= 40 && id[0] != '-' && strings.Trim(id, allowed) == ""
}
