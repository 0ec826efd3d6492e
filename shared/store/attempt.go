package store

import (
	"context"
	"fmt"

	"realname/shared/realname"
	"realname/shared/table"
)

func putAttempt(d realname.Decided) (table.Write, error) {
	key := table.Key{PK: sessionPK(d.SessionID), SK: fmt.Sprintf("ATTEMPT#%s#%d", instant(d.Attempt.At), d.Number)}
	it, _, err := put(key, 0, d.Attempt)
	// The session's version makes the key unique: only one change of it commits.
	return table.Put(it, table.Always()), err
}

// putLate stores an answer that came too late with the session's attempts.
func putLate(l realname.Late) (table.Write, error) {
	key := table.Key{PK: sessionPK(l.SessionID), SK: "ATTEMPT#" + instant(l.Attempt.At) + "#late"}
	it, _, err := put(key, 0, l.Attempt)
	// The nonce of the same transaction makes it unique.
	return table.Put(it, table.Always()), err
}

// putAsked stores a request to a provider that did not decide an attempt.
func putAsked(a realname.Asked) (table.Write, error) {
	key := table.Key{PK: sessionPK(a.SessionID), SK: "ATTEMPT#" + instant(a.Attempt.At) + "#" + a.ID}
	it, _, err := put(key, 0, a.Attempt)
	return table.Put(it, table.Always()), err
}

// Attempts returns the session's attempts and other requests to providers in the
// order of time, with one call per 100.
func (s *Store) Attempts(ctx context.Context, sessionID string) ([]realname.Attempt, error) {
	var all []realname.Attempt
	for after := ""; ; {
		page, err := s.table.Query(ctx, table.Query{PK: sessionPK(sessionID), SKPrefix: "ATTEMPT#", After: after})
		if err != nil {
			return nil, fmt.Errorf("load attempts: %w", err)
		}
		for _, it := range page.Items {
			var a realname.Attempt
			if err := read(it, &a); err != nil {
				return nil, err
			}
			all = append(all, a)
		}
		if after = page.Next; after == "" {
			return all, nil
		}
	}
}
