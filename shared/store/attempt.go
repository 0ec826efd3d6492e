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

// putLate keeps an answer that came too late beside the session's attempts.
func putLate(l realname.Late) (table.Write, error) {
	it, _, err := put(table.Key{PK: sessionPK(l.SessionID), SK: "ATTEMPT#" + instant(l.Attempt.At) + "#late"}, 0, l.Attempt)
	// The nonce of the same transaction makes it unique.
	return table.Put(it, table.Always()), err
}

// putAsked keeps a request to a provider that decided no try.
func putAsked(a realname.Asked) (table.Write, error) {
	it, _, err := put(table.Key{PK: sessionPK(a.SessionID), SK: "ATTEMPT#" + instant(a.Attempt.At) + "#" + a.ID}, 0, a.Attempt)
	return table.Put(it, table.Always()), err
}

// Attempts returns the session's tries, and what else its providers were asked,
// in the order of time, in one call for each 100 of them.
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
