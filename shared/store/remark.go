package store

import (
	"realname/shared/realname"
	"realname/shared/table"
)

func remarkKey(sessionID string) table.Key { return table.Key{PK: sessionPK(sessionID), SK: "REMARK"} }

// putRemark keeps the latest remark only, whatever was there.
func putRemark(n realname.Remark) (table.Write, error) {
	it, _, err := put(remarkKey(n.SessionID), 0, n)
	return table.Put(it, table.Always()), err
}

func readRemark(items []table.Item, sessionID string) (*realname.Remark, error) {
	it, ok := table.Find(items, remarkKey(sessionID))
	if !ok {
		return nil, nil
	}
	n := &realname.Remark{SessionID: sessionID}
	return n, read(it, n)
}
