package store

import (
	"context"
	"time"

	"realname/shared/realname"
	"realname/shared/table"
)

// latestKey is the key of the record of an account's latest session of a method. In
// version 1.0.0 the item was the lock of the live session: whoever starts a session, of
// either version, takes the same item.
func latestKey(accountID string, m realname.Method) table.Key {
	return table.Key{PK: accountPK(accountID), SK: "LIVE#" + string(m)}
}

func latestKeys(accountID string, methods []realname.Method) []table.Key {
	keys := make([]table.Key, len(methods))
	for i, m := range methods {
		keys[i] = latestKey(accountID, m)
	}
	return keys
}

// latestLife is how long the record remains after its session's end. By then Repair has
// closed the session.
const latestLife = 7 * 24 * time.Hour

func putLatest(l realname.LatestSession) (table.Write, error) {
	it, cond, err := put(latestKey(l.AccountID, l.Method), l.Version, l)
	it.Expires = l.ExpiresAt.Add(latestLife)
	return table.Put(it, cond), err
}

func readLatest(
	items []table.Item, accountID string, methods []realname.Method,
) (map[realname.Method]realname.LatestSession, error) {
	latest := map[realname.Method]realname.LatestSession{}
	for _, m := range methods {
		l := realname.LatestSession{AccountID: accountID, Method: m}
		it, ok := table.Find(items, latestKey(accountID, m))
		if !ok {
			continue
		}
		if err := read(it, &l); err != nil {
			return nil, err
		}
		l.Version = it.Version
		latest[m] = l
	}
	return latest, nil
}

// LatestSessions implements realname.Store.
func (s *Store) LatestSessions(
	ctx context.Context, latest map[realname.Method]realname.LatestSession,
) (map[realname.Method]realname.Session, error) {
	if len(latest) == 0 {
		return nil, nil
	}
	var keys []table.Key
	for _, l := range latest {
		keys = append(keys, sessionKey(l.SessionID))
	}
	items, err := s.table.Get(ctx, keys...)
	if err != nil {
		return nil, err
	}
	sessions := map[realname.Method]realname.Session{}
	for m, l := range latest {
		if it, ok := table.Find(items, sessionKey(l.SessionID)); ok {
			if sessions[m], err = readSession(it); err != nil {
				return nil, err
			}
		}
	}
	return sessions, nil
}
