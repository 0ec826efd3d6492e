package store

import (
	"fmt"

	"realname/shared/realname"
	"realname/shared/table"
)

func putAttempt(s realname.Session, n int, a realname.Attempt) (table.Write, error) {
	key := table.Key{PK: sessionPK(s.ID), SK: fmt.Sprintf("ATTEMPT#%s#%d", instant(a.At), n)}
	it, _, err := put(key, 0, a)
	// The session's version makes the key unique: only one change of it commits.
	return table.Put(it, table.Always()), err
}

// putLate keeps an answer that came too late beside the session's attempts.
func putLate(l realname.Late) (table.Write, error) {
	it, _, err := put(table.Key{PK: sessionPK(l.SessionID), SK: "ATTEMPT#" + instant(l.Attempt.At) + "#late"}, 0, l.Attempt)
	// The nonce of the same transaction makes it unique.
	return table.Put(it, table.Always()), err
}
