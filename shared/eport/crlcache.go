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

// CRLShelf shares revocation lists between all functions, so that one fetch serves
// them all. A list from the shelf is checked like a fetched one.
type CRLShelf interface {
	// LoadCRL returns the list of the address and the time of its fetch, or nil if
	// the shelf has none.
	LoadCRL(ctx context.Context, address string) (raw []byte, fetchedAt time.Time, err error)
	SaveCRL(ctx context.Context, address string, raw []byte, fetchedAt, until time.Time) error
}

// CRLs caches revocation lists and renews them.
type CRLs struct {
	Fetch func(ctx context.Context, address string) ([]byte, error)
	Shelf CRLShelf // nil: each process keeps only its own lists
	Now   func() time.Time
	Log   *slog.Logger

	renewing sync.Mutex // one at a time; a function's process serves one request anyway
	mu       sync.Mutex
	entries  map[string]crlEntry
}

type crlEntry struct {
	list      *CRL // nil if no fetch ever succeeded
	fetchedAt time.Time
	triedAt   time.Time // of the last failed attempt
}

const (
	// crlRefresh is the age at which a list is fetched again although it is still
	// valid, so that a revocation takes effect within the hour.
	crlRefresh = time.Hour
	// crlPause is the pause before the next request to an address that failed.
	crlPause = 30 * time.Second
	// crlRetry is the time after which the user should try again.
	crlRetry = time.Minute
)

// check returns nil if the issuer has not revoked the certificate.
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
		if list.Revoked(c) { // a revocation is final, however old the list
			published := list.ThisUpdate.UTC().Format(time.RFC3339)
			return refuse(realname.CodeCardRevoked, "certificate %s is on the list of %s", number(c), published)
		}
		if list.Fresh(now) {
			return nil
		}
		stale = true
	}
	if stale {
		return refuse(realname.CodeCRLStale, "the list of %q has expired", issuerName(c))
	}
	return refuse(realname.CodeCRLUnavailable, "no list of %q covers certificate %s", issuerName(c), number(c))
}

// inOrder returns the configured addresses; those that the certificate names come
// first.
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

// get returns the list of an address and renews an old one. If the renewal fails, it
// returns the existing list, even if that has expired, or nil if there is none.
func (s *CRLs) get(ctx context.Context, address string, issuer *smx509.Certificate, now time.Time) *CRL {
	key := Fingerprint(issuer) + " " + address
	if e := s.entry(key); e.settled(now) {
		return e.list
	}
	s.renewing.Lock()
	defer s.renewing.Unlock()
	e := s.entry(key)
	if e.settled(now) { // another request renewed it while this one waited
		return e.list
	}
	e, err := s.renew(ctx, address, issuer, e, now)
	s.keep(key, e)
	if err != nil {
		s.Log.LogAttrs(ctx, slog.LevelWarn, "revocation list not renewed",
			slog.String("address", address), slog.String("error", err.Error()))
	}
	return e.list
}

// settled reports whether the entry needs no renewal now.
func (e crlEntry) settled(now time.Time) bool {
	return e.current(now) || now.Sub(e.triedAt) < crlPause
}

func (e crlEntry) current(now time.Time) bool {
	return e.list != nil && e.list.Fresh(now) && now.Sub(e.fetchedAt) < crlRefresh
}

// renew reads the list from the shelf, then from the address. If both fail, it
// returns the existing entry with the time of the attempt.
func (s *CRLs) renew(
	ctx context.Context, address string, issuer *smx509.Certificate, e crlEntry, now time.Time,
) (crlEntry, error) {
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
		err = fmt.Errorf("%w: older than the cached list", errCRL)
	}
	if err != nil {
		e.triedAt = now
		return e, err
	}
	e = crlEntry{list: list, fetchedAt: now}
	if !list.Fresh(now) {
		e.triedAt = now
		return e, errors.New("revocation list: the published list has expired")
	}
	if s.Shelf != nil {
		return e, s.Shelf.SaveCRL(ctx, address, raw, now, list.NextUpdate)
	}
	return e, nil
}

// newer reports whether a list may replace another. A replayed earlier list would
// drop revocations.
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
