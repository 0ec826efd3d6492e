package store

import (
	"realname/shared/realname"
	"realname/shared/table"
)

// lockKey is the key of the lock of an account's live session of a method.
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

// freeLock needs no condition. Only the session itself releases its lock, together
// with its own guarded write.
func freeLock(l realname.Lock) table.Write {
	return table.Delete(lockKey(l.AccountID, l.Method), table.Always())
}
