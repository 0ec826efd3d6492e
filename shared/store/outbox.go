package store

import (
	"context"
	"fmt"
	"hash/fnv"
	"sort"
	"strconv"
	"strings"
	"time"

	"realname/shared/realname"
	"realname/shared/table"
)

// outboxPK is the partition of one enterprise's notices. The table's stream keeps the
// order within it (Developer Guide, "Change data capture for DynamoDB Streams").
func outboxPK(uscc string) string { return OutboxPartition.key(uscc) }

// noticePrefix starts the sort keys of notices. The enterprise's trail numbers them.
const noticePrefix = "EVENT#"

func noticeKey(uscc string, seq int64) table.Key {
	return table.Key{PK: outboxPK(uscc), SK: fmt.Sprintf("%s%012d", noticePrefix, seq)}
}

// noticeOf collects the change's events of one enterprise.
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

// Lifetimes of a notice after its delivery and after it is dead.
const (
	deliveredLife = 7 * 24 * time.Hour
	deadLife      = 90 * 24 * time.Hour
)

// noticeShards spreads the lists of pending and dead notices over several keys, so
// that none of them takes all traffic.
const noticeShards = 8

func pendingPK(shard int) string { return PendingPartition.key(strconv.Itoa(shard)) }

func deadPK(shard int) string { return fmt.Sprintf("DEADLETTER#%d", shard) }

// noticeList is the key that lists a pending notice by its Due time, or by an earlier
// time at which it is listed already, and a dead notice by its Dead time. A delivered
// notice is not listed.
func noticeList(n realname.Notice) table.IndexKey {
	h := fnv.New32a()
	h.Write([]byte(n.USCC))
	shard := int(h.Sum32() % noticeShards)
	id := fmt.Sprintf("#%s#%012d", n.USCC, n.Seq)
	switch {
	case n.Pending():
		at := n.Due
		if !n.LookAt.IsZero() && n.LookAt.Before(at) {
			at = n.LookAt
		}
		return table.IndexKey{PK: pendingPK(shard), SK: instant(at) + id}
	case !n.Dead.IsZero():
		return table.IndexKey{PK: deadPK(shard), SK: instant(n.Dead) + id}
	}
	return table.IndexKey{}
}

// Notices implements notify.Outbox.
func (s *Store) Notices(ctx context.Context, uscc string) (notices []realname.Notice, unreadable int, err error) {
	q := table.Query{PK: outboxPK(uscc), SKPrefix: noticePrefix, Limit: 1000}
	for {
		page, err := s.table.Query(ctx, q)
		if err != nil {
			return nil, 0, err
		}
		for _, it := range page.Items {
			n, err := NoticeOf(it)
			if err != nil {
				unreadable++
				continue
			}
			notices = append(notices, n)
		}
		if q.After = page.Next; q.After == "" {
			return notices, unreadable, nil
		}
	}
}

// SaveNotices implements notify.Outbox.
func (s *Store) SaveNotices(ctx context.Context, notices ...realname.Notice) error {
	writes := make([]table.Write, len(notices))
	for i, n := range notices {
		var err error
		if writes[i], err = putNotice(n); err != nil {
			return err
		}
	}
	return s.transact(ctx, writes)
}

// noticesAtOnce limits how many notices of one shard a run reads.
const noticesAtOnce = 200

// DueNotices implements notify.Outbox with one call per shard.
func (s *Store) DueNotices(ctx context.Context, at time.Time) ([]string, error) {
	items, err := s.listed(ctx, pendingPK, instant(at.Add(1)))
	if err != nil {
		return nil, err
	}
	sort.SliceStable(items, func(i, j int) bool { return items[i].GSI2.SK < items[j].GSI2.SK })
	var enterprises []string
	seen := map[string]bool{}
	for _, it := range items {
		if uscc := strings.TrimPrefix(it.Key.PK, outboxPK("")); !seen[uscc] {
			seen[uscc] = true
			enterprises = append(enterprises, uscc)
		}
	}
	return enterprises, nil
}

// DeadNotices returns the dead notices, the oldest first.
func (s *Store) DeadNotices(ctx context.Context) ([]realname.Notice, error) {
	listed, err := s.listed(ctx, deadPK, "")
	if err != nil {
		return nil, err
	}
	items, err := s.whole(ctx, listed)
	if err != nil {
		return nil, err
	}
	notices := make([]realname.Notice, len(items))
	for i, it := range items {
		if notices[i], err = NoticeOf(it); err != nil {
			return nil, err
		}
	}
	sort.SliceStable(notices, func(i, j int) bool { return notices[i].Dead.Before(notices[j].Dead) })
	return notices, nil
}

func (s *Store) listed(ctx context.Context, pk func(shard int) string, below string) ([]table.Item, error) {
	var items []table.Item
	for shard := range noticeShards {
		page, err := s.table.Query(ctx, table.Query{Index: table.GSI2, PK: pk(shard), SKBelow: below, Limit: noticesAtOnce})
		if err != nil {
			return nil, err
		}
		items = append(items, page.Items...)
	}
	return items, nil
}
