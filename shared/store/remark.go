package store

import (
	"realname/shared/realname"
	"realname/shared/table"
)

// remarkKey lies beside the session's own items: a refused answer changes none
// of them.
func remarkKey(sessionID string) table.Key { return table.Key{PK: "REMARK#" + sessionID, SK: "LATEST"} }

// putRemark keeps the latest remark only, whatever was there.
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
