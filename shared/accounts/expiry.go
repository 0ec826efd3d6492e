package accounts

import (
	"context"
	"fmt"
	"maps"
	"time"

	"realname/shared/realname"
)

// AnnouncedFor is how long an erasure is announced before it happens.
const AnnouncedFor = 24 * time.Hour

// mostAnnounced limits the erasures of one run, and the size of their record. The others
// wait for another day.
const mostAnnounced = 1000

// Announced records since when each erasure is announced, by account ID.
type Announced struct {
	Since map[string]time.Time `json:"since"`
}

// ExpiryStore lists accounts.
type ExpiryStore interface {
	// WithoutHolder calls f with the accounts of all enterprises that have no holder on
	// their roster, as closed accounts do, in parts.
	WithoutHolder(ctx context.Context, f func(accountIDs []string) error) error
}

// Expiry is the result of a run of EraseExpired, by account ID.
type Expiry struct {
	Announced []string // from now on
	Erased    []string
	Record    Announced // for the next run
}

// EraseExpired erases the holder of each account whose retention has ended, a day after a
// run has announced it. Closing an account again starts its time again. If it ends early,
// the result says what it did, and the next run goes on.
func (e *Erasure) EraseExpired(ctx context.Context, all ExpiryStore, before Announced) (Expiry, error) {
	done := Expiry{Record: Announced{Since: map[string]time.Time{}}}
	err := all.WithoutHolder(ctx, func(ids []string) error {
		soon, err := e.expired(ctx, ids, e.Accounts.Limits.Retention-AnnouncedFor)
		if err != nil {
			return err
		}
		for _, a := range soon {
			if err := e.expire(ctx, a, before, &done); err != nil {
				return fmt.Errorf("account %s: %w", a.ID, err)
			}
		}
		return nil
	})
	if err != nil { // keep what this run did not see
		kept := maps.Clone(before.Since)
		for _, id := range done.Erased {
			delete(kept, id)
		}
		if kept == nil {
			kept = map[string]time.Time{}
		}
		maps.Copy(kept, done.Record.Since)
		done.Record.Since = kept
	}
	return done, err
}

func (e *Erasure) expire(ctx context.Context, a realname.Account, before Announced, done *Expiry) error {
	now := e.Accounts.Now()
	since, announced := before.Since[a.ID]
	switch {
	case !announced && len(done.Record.Since) >= mostAnnounced:
	case !announced:
		done.Record.Since[a.ID] = now
		done.Announced = append(done.Announced, a.ID)
	case now.Sub(since) < AnnouncedFor || now.Sub(a.Disabled) < e.Accounts.Limits.Retention:
		done.Record.Since[a.ID] = since
	default:
		if err := e.Erase(ctx, a.ID); err != nil {
			return err
		}
		done.Erased = append(done.Erased, a.ID)
	}
	return nil
}
