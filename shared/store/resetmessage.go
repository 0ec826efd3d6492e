package store

import (
	"context"
	"hash/fnv"
	"strconv"

	"realname/shared/realname"
	"realname/shared/table"
)

// messageShards spreads the messages over several partitions, so that none of them takes
// all traffic. The stream keeps the order within a partition, and passes on that many at
// the same time.
const messageShards = 8

func messageShard(id string) string {
	h := fnv.New32a()
	h.Write([]byte(id))
	return strconv.Itoa(int(h.Sum32() % messageShards))
}

// resetMessageKey is the key of a message. The IDs sort by time.
func resetMessageKey(id string) table.Key {
	return table.Key{PK: MessagePartition.key(messageShard(id)), SK: id}
}

func putResetMessage(m realname.ResetMessage) (table.Write, error) {
	it, cond, err := put(resetMessageKey(m.ID), m.Version, m)
	it.Expires = m.ExpiresAt
	return table.Put(it, cond), err
}

// LoadResetMessage implements accounts.Directory.
func (s *Store) LoadResetMessage(ctx context.Context, id string) (realname.ResetMessage, error) {
	items, err := s.table.Get(ctx, resetMessageKey(id))
	if err != nil || len(items) == 0 {
		return realname.ResetMessage{}, err
	}
	return readResetMessage(items[0])
}

func readResetMessage(it table.Item) (realname.ResetMessage, error) {
	m := realname.ResetMessage{ID: it.Key.SK, Version: it.Version}
	return m, read(it, &m)
}

// messagesAtOnce limits how many messages of one partition a run reads.
const messagesAtOnce = 100

// ResetMessages implements accounts.Directory with one call for each partition.
func (s *Store) ResetMessages(ctx context.Context) ([]realname.ResetMessage, error) {
	var all []realname.ResetMessage
	for shard := range messageShards {
		page, err := s.table.Query(ctx, table.Query{
			PK: MessagePartition.key(strconv.Itoa(shard)), Limit: messagesAtOnce,
		})
		if err != nil {
			return nil, err
		}
		for _, it := range page.Items {
			m, err := readResetMessage(it)
			if err != nil {
				return nil, err
			}
			all = append(all, m)
		}
	}
	return all, nil
}
