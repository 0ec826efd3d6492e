package store

import (
	"context"

	"realname/shared/realname"
	"realname/shared/table"
)

func replyKey(key string) table.Key { return table.Key{PK: ReplyPartition.key(key), SK: "REPLY"} }

func putReply(r realname.Reply) (table.Write, error) {
	it, cond, err := put(replyKey(r.Key), r.Version, r)
	it.Expires = r.ExpiresAt
	return table.Put(it, cond), err
}

func dropReply(r realname.DropReply) table.Write {
	return table.Delete(replyKey(r.Key), table.VersionIs(r.Version))
}

func readReply(items []table.Item, idem *realname.Idempotency) (*realname.Reply, error) {
	if idem == nil {
		return nil, nil
	}
	it, ok := table.Find(items, replyKey(idem.Key))
	if !ok {
		return nil, nil
	}
	r := &realname.Reply{Key: idem.Key, Version: it.Version}
	return r, read(it, r)
}

// LoadReply implements accounts.Directory.
func (s *Store) LoadReply(ctx context.Context, idem realname.Idempotency) (*realname.Reply, error) {
	items, err := s.table.Get(ctx, replyKey(idem.Key))
	if err != nil {
		return nil, err
	}
	return readReply(items, &idem)
}
