package store

import (
	"realname/shared/realname"
	"realname/shared/table"
)

func codeKey(sessionID string, step realname.StepName) table.Key {
	return table.Key{PK: sessionPK(sessionID), SK: "SMS#" + string(step)}
}

func putCode(c realname.SMSCode) (table.Write, error) {
	it, cond, err := put(codeKey(c.SessionID, c.Step), c.Version, c)
	it.Expires = c.ExpiresAt
	return table.Put(it, cond), err
}

func dropCode(c realname.SMSCode) table.Write {
	return table.Delete(codeKey(c.SessionID, c.Step), table.VersionIs(c.Version))
}

func readCode(items []table.Item, sessionID string, step realname.StepName) (*realname.SMSCode, error) {
	it, ok := table.Find(items, codeKey(sessionID, step))
	if !ok {
		return nil, nil
	}
	c := &realname.SMSCode{SessionID: sessionID, Version: it.Version}
	return c, read(it, c)
}
