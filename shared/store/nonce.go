package store

import (
	"realname/shared/realname"
	"realname/shared/table"
)

func nonceKey(n realname.Nonce) table.Key {
	return table.Key{PK: NoncePartition.key(n.Sender + "#" + n.Value), SK: "USED"}
}

// putNonce marks a nonce as used. It must not have been used before.
func putNonce(n realname.Nonce) (table.Write, error) {
	it, cond, err := put(nonceKey(n), 0, n)
	it.Expires = n.ExpiresAt
	return table.Put(it, cond), err
}

func readNonce(items []table.Item, wanted *realname.Nonce) (*realname.Nonce, error) {
	if wanted == nil {
		return nil, nil
	}
	it, ok := table.Find(items, nonceKey(*wanted))
	if !ok {
		return nil, nil
	}
	n := &realname.Nonce{Sender: wanted.Sender, Value: wanted.Value, ExpiresAt: it.Expires}
	return n, read(it, n)
}
