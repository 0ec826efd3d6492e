package store

import (
	"realname/shared/realname"
	"realname/shared/table"
)

// remarkKey is the key of a session's remark. It is outside the session's partition
// because a refused answer must not change the session's items.
func remarkKey(sessionID string) table.Key {
	return table.Key{PK: RemarkPartition.key(sessionID), SK: "LATEST"}
}

// putRemark stores a remark over the previous one.
func putRemark(r realname.Remark) (table.Write, error) {
	it, _, err := put(remarkKey(r.SessionID), 0, r)
	it.Expires = r.ExpiresAt
	return table.Put(it, table.Always()), err
}

func readRemark(items []table.Item, sessionID string) (*realname.Remark, error) {
	it, ok := table.Find(items, remarkKey(sessionID))
	if !ok {
		return nil, nil
	}
	r := &realname.Remark{SessionID: sessionID, ExpiresAt: it.Expires}
	return r, read(it, r)
}
