// Package eport connects the verification of E-Port cards to the trust material and
// the revocation lists in the table.
package eport

import (
	"bytes"
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/emmansun/gmsm/smx509"

	"realname/shared/eport"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/verification"
	"realname/shared/wiring"
	storewiring "realname/shared/wiring/store"
	verificationwiring "realname/shared/wiring/verification"
)

// New returns the use cases on AWS, including cards.
func New(p wiring.Ports) *verification.Verification {
	v := verificationwiring.New(p)
	verifier := Verifier(storewiring.Store(p), store.SettingsLife, p.Now, p.Log)
	verifier.CRLs.Fetch = eport.Fetcher(p.Trace.Remote(http.DefaultTransport, nil))
	Connect(v, verifier)
	return v
}

// Connect adds cards to the use cases.
func Connect(v *verification.Verification, cards realname.Cards) {
	v.Cards = cards
	v.NewChallenge = func() (string, error) { return eport.NewChallenge(rand.Reader) }
}

// Verifier returns a verifier of cards. It caches the trust material of the store for
// the given life.
func Verifier(s *store.Store, life time.Duration, now func() time.Time, log *slog.Logger) *eport.Verifier {
	t := &trust{settings: store.Settings[eport.Setting]{Store: s, Kind: store.CardSettings, Life: life, Now: now}}
	return &eport.Verifier{
		Trust: t.of, CRLs: &eport.CRLs{Fetch: eport.Fetch, Shelf: s, Log: log}, Now: now, Log: log,
	}
}

// trust caches the trust material of the settings until they change.
type trust struct {
	settings store.Settings[eport.Setting]

	mu   sync.Mutex
	from []store.Setting[eport.Setting]
	made *eport.Trust
}

// of returns the trust material. If it lacks the certificate's issuer, of reads the
// settings again, so that a new authority works at once.
func (t *trust) of(ctx context.Context, c *smx509.Certificate) (*eport.Trust, error) {
	_, _, err := t.settings.Find(ctx, func(s store.Setting[eport.Setting]) bool {
		if s.Value.Authority == nil {
			return false
		}
		a, err := s.Value.Authority.Authority()
		return err == nil && bytes.Equal(a.Certificate.RawSubject, c.RawIssuer)
	})
	if err != nil {
		return nil, err
	}
	entries, err := t.settings.All(ctx)
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.made != nil && sameEntries(t.from, entries) {
		return t.made, nil
	}
	values := make([]eport.Setting, len(entries))
	for i, e := range entries {
		values[i] = e.Value
	}
	made, err := eport.TrustOf(values)
	if err != nil {
		return nil, err
	}
	t.from, t.made = entries, made
	return made, nil
}

func sameEntries(a, b []store.Setting[eport.Setting]) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Name != b[i].Name || a[i].Version != b[i].Version {
			return false
		}
	}
	return true
}
