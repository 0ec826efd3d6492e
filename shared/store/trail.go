package store

import (
	"context"

	"realname/shared/realname"
	"realname/shared/table"
)

// trailKey is the key of the head of an enterprise's audit trail and outbox. The head
// numbers entries and notices, so that concurrent transactions of one enterprise are
// ordered.
func trailKey(uscc string) table.Key { return table.Key{PK: enterprisePK(uscc), SK: "TRAIL"} }

func putTrail(h realname.TrailHead) (table.Write, error) {
	it, cond, err := put(trailKey(h.USCC), h.Version, h)
	return table.Put(it, cond), err
}

// readTrail returns the head; a zero head for an enterprise without a trail, and nil
// if uscc is empty.
func readTrail(items []table.Item, uscc string) (*realname.TrailHead, error) {
	if uscc == "" {
		return nil, nil
	}
	h := &realname.TrailHead{USCC: uscc}
	it, ok := table.Find(items, trailKey(uscc))
	if !ok {
		return h, nil
	}
	h.Version = it.Version
	return h, read(it, h)
}

// enterprisesOf lists the enterprises whose trail or outbox the change adds to, each
// once.
func enterprisesOf(c realname.Change) []string {
	var list []string
	seen := map[string]bool{}
	add := func(uscc string) {
		if !seen[uscc] {
			seen[uscc] = true
			list = append(list, uscc)
		}
	}
	for _, a := range c.Audit {
		add(a.USCC)
	}
	for _, a := range c.Announcements {
		add(a.USCC)
	}
	return list
}

// headsOf returns the heads that the change moves. If the change already carries the
// only head, headsOf makes no call.
func (s *Store) headsOf(ctx context.Context, c realname.Change) (map[string]*realname.TrailHead, error) {
	enterprises := enterprisesOf(c)
	if len(enterprises) == 1 && c.Trail != nil && c.Trail.USCC == enterprises[0] {
		head := *c.Trail
		return map[string]*realname.TrailHead{head.USCC: &head}, nil
	}
	return s.readHeads(ctx, enterprises)
}

func (s *Store) readHeads(ctx context.Context, enterprises []string) (map[string]*realname.TrailHead, error) {
	if len(enterprises) == 0 {
		return nil, nil
	}
	keys := make([]table.Key, len(enterprises))
	for i, uscc := range enterprises {
		keys[i] = trailKey(uscc)
	}
	items, err := s.table.Get(ctx, keys...)
	if err != nil {
		return nil, err
	}
	heads := map[string]*realname.TrailHead{}
	for _, uscc := range enterprises {
		if heads[uscc], err = readTrail(items, uscc); err != nil {
			return nil, err
		}
	}
	return heads, nil
}

// trailWrites returns the writes of the change's audit entries, its notices and the
// moved heads. The notices record the request's ID.
func trailWrites(c realname.Change, requestID string, heads map[string]*realname.TrailHead) ([]table.Write, error) {
	var writes []table.Write
	for _, a := range c.Audit {
		w, err := putAudit(a, heads[a.USCC])
		if err != nil {
			return nil, err
		}
		writes = append(writes, w)
		if of, values := a.Values(); values != nil {
			if w, err = putAuditValues(of, a.USCC, *values); err != nil {
				return nil, err
			}
			writes = append(writes, w)
		}
	}
	for _, uscc := range enterprisesOf(c) {
		head := heads[uscc]
		if n := noticeOf(c, uscc); len(n.Events) > 0 {
			head.Notices++
			n.Seq, n.RequestID = head.Notices, requestID
			w, err := putNotice(n)
			if err != nil {
				return nil, err
			}
			writes = append(writes, w)
		}
		w, err := putTrail(*head)
		if err != nil {
			return nil, err
		}
		writes = append(writes, w)
	}
	return writes, nil
}
