package eport

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/emmansun/gmsm/smx509"

	"realname/shared/realname"
)

// CRLShelf keeps revocation lists where all functions find them, so that one
// fetch serves them all. What comes from it is checked like what was fetched.
type CRLShelf interface {
	// LoadCRL returns the list kept for the address and when it was fetched;
	// nil when there is none.
	LoadCRL(ctx context.Context, address string) (raw []byte, fetchedAt time.Time, err error)
	SaveCRL(ctx context.Context, address string, raw []byte, fetchedAt, until time.Time) error
}

// CRLs are the revocation lists at hand.
type CRLs struct {
	Fetch func(ctx context.Context, address string) ([]byte, error)
	Shelf CRLShelf // nil: each process keeps its own only
	Now   func() time.Time
	Log   *slog.Logger

	renewing sync.Mutex // one at a time; a function's process has one request anyway
	mu       sync.Mutex
	entries  map[string]crlEntry
}

type crlEntry struct {
	list      *CRL // nil when none was ever had
	fetchedAt time.Time
	triedAt   time.Time // of the last try that failed
}

const (
	// crlRefresh is how old a list gets before a newer one is asked for, though
	// it would still count: revocations are to be seen within the hour.
	crlRefresh = time.Hour
	// crlPause is how long an address is left alone after it failed.
	crlPause = 30 * time.Second
	// crlRetry is when another try makes sense for the user.
	crlRetry = time.Minute
)

// check tells whether the issuer revoked the certificate.
// Errors: refusals card_revoked, card_crl_stale, card_crl_unavailable.
func (s *CRLs) check(ctx context.Context, c *smx509.Certificate, issuer Authority, now time.Time) error {
	if issuer.NoCRL {
		return nil
	}
	stale := false
	for _, address := range inOrder(issuer.CRLs, c.CRLDistributionPoints) {
		list := s.get(ctx, address, issuer.Certificate, now)
		if list == nil || !list.Covers(c) {
			continue
		}
		if list.Revoked(c) { // so it stays, however old the list
			return refuse(realname.CodeCardRevoked, "certificate %s is on the list of %s", number(c), list.ThisUpdate.UTC().Format(time.RFC3339))
		}
		if list.Fresh(now) {
			return nil
		}
		stale = true
	}
	if stale {
		return refuse(realname.CodeCRLStale, "the list of %q has run out", issuerName(c))
	}
	return refuse(realname.CodeCRLUnavailable, "no list of %q covers certificate %s", issuerName(c), number(c))
}

// inOrder puts the configured addresses first that the certificate itself names.
func inOrder(configured, named []string) []string {
	var first, rest []string
	for _, address := range configured {
		hit := false
		for _, n := range named {
			hit = hit || n == address
		}
		if hit {
			first = append(first, address)
		} else {
			rest = append(rest, address)
		}
	}
	return append(first, rest...)
}

// get returns the list of an address, newly fetched when the one at hand is old;
// a list that has run out is better than none, and nil is none.
func (s *CRLs) get(ctx context.Context, address string, issuer *smx509.Certificate, now time.Time) *CRL {
	key := Fingerprint(issuer) + " " + address
	if e := s.entry(key); e.settled(now) {
		return e.list
	}
	s.renewing.Lock()
	defer s.renewing.Unlock()
	e := s.entry(key)
	if e.settled(now) { // by who waited before
		return e.list
	}
	e, err := s.renew(ctx, address, issuer, e, now)
	s.keep(key, e)
	if err != nil {
		s.Log.LogAttrs(ctx, slog.LevelWarn, "revocation list not renewed", slog.String("address", address), slog.String("error", err.Error()))
	}
	return e.list
}

// settled reports whether the entry is to be used as it is.
func (e crlEntry) settled(now time.Time) bool {
	return e.current(now) || now.Sub(e.triedAt) < crlPause
}

func (e crlEntry) current(now time.Time) bool {
	return e.list != nil && e.list.Fresh(now) && now.Sub(e.fetchedAt) < crlRefresh
}

// renew looks on the shelf, then at the address. On failure the entry stays,
// with the time of the try.
func (s *CRLs) renew(ctx context.Context, address string, issuer *smx509.Certificate, e crlEntry, now time.Time) (crlEntry, error) {
	if s.Shelf != nil {
		raw, fetchedAt, err := s.Shelf.LoadCRL(ctx, address)
		if err == nil && raw != nil {
			if list, perr := ParseCRL(raw, issuer); perr == nil && newer(list, e.list) {
				e.list, e.fetchedAt = list, fetchedAt
			}
		}
		if e.current(now) {
			return e, nil
		}
	}
	raw, err := s.Fetch(ctx, address)
	if err != nil {
		e.triedAt = now
		return e, err
	}
	list, err := ParseCRL(raw, issuer)
	if err == nil && !newer(list, e.list) {
		err = fmt.Errorf("%w: older than the one at hand", errCRL)
	}
	if err != nil {
		e.triedAt = now
		return e, err
	}
	e = crlEntry{list: list, fetchedAt: now}
	if !list.Fresh(now) {
		e.triedAt = now
		return e, errors.New("the list that is published has run out")
	}
	if s.Shelf != nil {
		return e, s.Shelf.SaveCRL(ctx, address, raw, now, list.NextUpdate)
	}
	return e, nil
}

// newer reports whether a list may take another's place: an issuer's earlier
// list, replayed, would forget revocations.
func newer(list, than *CRL) bool { return than == nil || !list.ThisUpdate.Before(than.ThisUpdate) }

func (s *CRLs) entry(key string) crlEntry {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.entries[key]
}

func (s *CRLs) keep(key string, e crlEntry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.entries == nil {
		s.entries = map[string]crlEntry{}
	}
	s.entries[key] = e
}
