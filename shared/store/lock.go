package store

import (
	"realname/shared/realname"
	"realname/shared/table"
)

// lockKey holds an account's only live session of a method.
func lockKey(accountID string, m realname.Method) table.Key {
	return table.Key{PK: accountPK(accountID), SK: "LIVE#" + string(m)}
}

type lockRecord struct {
	SessionID string `json:"sessionId"`
}

func takeLock(l realname.Lock) (table.Write, error) {
	it, cond, err := put(lockKey(l.AccountID, l.Method), 0, lockRecord{l.SessionID})
	return table.Put(it, cond), err
}

// freeLock needs no condition: it goes with the session's own guarded write,
// and a lock is only ever released by its session.
func freeLock(l realname.Lock) table.Write {
	return table.Delete(lockKey(l.AccountID, l.Method), table.Always())
}
