// Package client is who may ask the service without a person: machine clients
// with hashed secrets, scopes and a rate limit each.
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

// Scopes lists them all.
func Scopes() []string { return []string{ScopeStatusRead} }

// Client is one machine client: a setting, named by its client ID.
type Client struct {
	Description string    `json:"description,omitempty"`
	Secrets     []Secret  `json:"secrets"`
	Scopes      []string  `json:"scopes"`
	PerMinute   int       `json:"perMinute"` // requests
	CreatedAt   time.Time `json:"createdAt"`
	// Retired is from when on the client gets no token and its tokens stop
	// working; zero while it is in use.
	Retired time.Time `json:"retired,omitzero"`
}

// Secret is kept as its SHA-256 alone: it is 256 random bits, so a slow hash
// would add nothing.
type Secret struct {
	Hash  string    `json:"hash"`
	Since time.Time `json:"since"`
	Until time.Time `json:"until,omitzero"` // zero: until further notice
}

// secretPrefix lets a leaked secret be recognised for what it is.
const secretPrefix = "rns_"

// NewSecret makes a secret.
func NewSecret() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the process instead
	return secretPrefix + base64.RawURLEncoding.EncodeToString(b)
}

func hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Rotate adds a secret. Those before it stay good for the overlap, in which the
// client changes over, and are dropped once over.
func (c *Client) Rotate(secret string, now time.Time, overlap time.Duration) {
	kept := slices.DeleteFunc(slices.Clone(c.Secrets), func(s Secret) bool { return !s.good(now) })
	for i := range kept {
		if kept[i].Until.IsZero() {
			kept[i].Until = now.Add(overlap)
		}
	}
	c.Secrets = append(kept, Secret{Hash: hash(secret), Since: now})
}

func (s Secret) good(now time.Time) bool { return s.Until.IsZero() || now.Before(s.Until) }

// InUse reports whether the client may do anything at all.
func (c Client) InUse(now time.Time) bool { return c.Retired.IsZero() || now.Before(c.Retired) }

// Knows reports whether the secret is one of the client's.
func (c Client) Knows(secret string, now time.Time) bool {
	given, known := hash(secret), 0
	for _, s := range c.Secrets {
		if s.good(now) {
			known |= subtle.ConstantTimeCompare([]byte(given), []byte(s.Hash))
		}
	}
	return known == 1 && c.InUse(now)
}

// Grant returns the scopes that a token may have: those asked for, or all of the
// client's when none was. ok is false when one asked for is not the client's.
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

// ValidID reports whether the text can be a client ID: 2 to 40 small letters,
// digits and hyphens, a hyphen not first.
func ValidID(id string) bool {
	return len(id) >= 2 && len(id) <= 40 && id[0] != '-' && strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}
