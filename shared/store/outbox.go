package store

import (
	"fmt"
	"hash/fnv"
	"time"

	"realname/shared/realname"
	"realname/shared/table"
)

// outboxPK holds one enterprise's notices, so that the table's stream keeps
// their order (Developer Guide, "Change data capture for DynamoDB Streams").
func outboxPK(uscc string) string { return "OUTBOX#" + uscc }

// noticePrefix begins the sort keys of notices, which are numbered by the
// enterprise's trail.
const noticePrefix = "EVENT#"

func noticeKey(uscc string, seq int64) table.Key {
	return table.Key{PK: outboxPK(uscc), SK: fmt.Sprintf("%s%012d", noticePrefix, seq)}
}

// noticeOf gathers the change's events of one enterprise.
func noticeOf(c realname.Change, uscc string) realname.Notice {
	n := realname.Notice{USCC: uscc}
	for _, a := range c.Announcements {
		if a.USCC == uscc {
			n.Events = append(n.Events, a)
			n.Due = a.At
		}
	}
	return n
}

// How long a notice is kept after its delivery, and after it was given up.
const (
	deliveredLife = 7 * 24 * time.Hour
	deadLife      = 90 * 24 * time.Hour
)

func putNotice(n realname.Notice) (table.Write, error) {
	it, cond, err := put(noticeKey(n.USCC, n.Seq), n.Version, n)
	it.GSI2 = noticeList(n)
	switch {
	case !n.Delivered.IsZero():
		it.Expires = n.Delivered.Add(deliveredLife)
	case !n.Dead.IsZero():
		it.Expires = n.Dead.Add(deadLife)
	}
	return table.Put(it, cond), err
}

// noticeShards spreads the lists of pending and dead notices, so that no key
// takes all traffic.
const noticeShards = 8

func pendingPK(shard int) string { return fmt.Sprintf("PENDING#%d", shard) }
func deadPK(shard int) string    { return fmt.Sprintf("DEADLETTER#%d", shard) }

// noticeList lists a pending notice by the instant of its next try and a dead
// one by that of its end; a delivered one is on no list.
func noticeList(n realname.Notice) table.IndexKey {
	h := fnv.New32a()
	h.Write([]byte(n.USCC))
	shard := int(h.Sum32() % noticeShards)
	id := fmt.Sprintf("#%s#%012d", n.USCC, n.Seq)
	switch {
	case n.Pending():
		return table.IndexKey{PK: pendingPK(shard), SK: instant(n.Due) + id}
	case !n.Dead.IsZero():
		return table.IndexKey{PK: deadPK(shard), SK: instant(n.Dead) + id}
	}
	return table.IndexKey{}
}
