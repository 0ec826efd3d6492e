package store

import (
	"context"

	"realname/shared/accounts"
	"realname/shared/realname"
	"realname/shared/table"
)

func codeKey(c realname.SMSCode) table.Key {
	pk := sessionPK(c.SessionID)
	switch {
	case c.AccountID != "":
		pk = accountPK(c.AccountID)
	case c.ResetIndex != "":
		pk = ResetPartition.key(c.ResetIndex)
	}
	return table.Key{PK: pk, SK: "SMS#" + string(c.Step)}
}

func putCode(c realname.SMSCode) (table.Write, error) {
	it, cond, err := put(codeKey(c), c.Version, c)
	it.Expires = c.ExpiresAt
	return table.Put(it, cond), err
}

func dropCode(c realname.DropCode) table.Write {
	return table.Delete(codeKey(realname.SMSCode(c)), table.VersionIs(c.Version))
}

// readCode returns the stored code with the same owner and step as the given one.
func readCode(items []table.Item, of realname.SMSCode) (*realname.SMSCode, error) {
	it, ok := table.Find(items, codeKey(of))
	if !ok {
		return nil, nil
	}
	c := &realname.SMSCode{
		SessionID: of.SessionID, AccountID: of.AccountID, ResetIndex: of.ResetIndex, Version: it.Version,
	}
	return c, read(it, c)
}

// LoadCode implements accounts.Directory.
func (s *Store) LoadCode(ctx context.Context, q accounts.CodeQuery) (v realname.SessionView, err error) {
	keys := []table.Key{codeKey(q.For), numberDayKey(q.NumberIndex, q.Day)}
	if q.RequestsIndex != "" {
		keys = append(keys, numberDayKey(q.RequestsIndex, q.Day))
	}
	if q.AccountID != "" {
		keys = append(keys, accountKey(q.AccountID), accountDayKey(q.AccountID, q.Day))
	}
	if q.Idempotency != nil {
		keys = append(keys, replyKey(q.Idempotency.Key))
	}
	items, err := s.table.Get(ctx, keys...)
	if err != nil {
		return v, err
	}
	if v.Account, err = readAccount(items, q.AccountID); err != nil {
		return v, err
	}
	if v.Day, err = readAccountDay(items, q.AccountID, q.Day); err != nil {
		return v, err
	}
	if v.Number, err = readNumberDay(items, q.NumberIndex, q.Day); err != nil {
		return v, err
	}
	if v.Requests, err = readNumberDay(items, q.RequestsIndex, q.Day); err != nil {
		return v, err
	}
	if v.Code, err = readCode(items, q.For); err != nil {
		return v, err
	}
	v.Reply, err = readReply(items, q.Idempotency)
	return v, err
}
