package store

import (
	"context"
	"maps"
	"strings"

	"realname/shared/realname"
	"realname/shared/table"
)

// trailKey is the key of the head of an enterprise's audit trail and outbox. The head
// numbers entries and notices, so that concurrent transactions of one enterprise are
// ordered.
func trailKey(uscc string) table.Key { return table.Key{PK: enterprisePK(uscc), SK: "TRAIL"} }

// trailRecord is the body of a head's item, beside the members of pack.
type trailRecord struct {
	Count   int64  `json:"count"`
	Hash    string `json:"hash,omitempty"`
	Notices int64  `json:"notices,omitempty"`
}

// formerTrailRecord is a head of version 1.0.0, which holds no entries. A function of
// that version cannot read a list as a number. So it fails before it writes, instead of
// dropping the entries.
type formerTrailRecord struct {
	Entries int64  `json:"entries"`
	Hash    string `json:"hash"`
	Notices int64  `json:"notices"`
}

// trailRoom is the size up to which a head, or an item of entries, gets more entries.
// Above a kilobyte, each write costs twice as many units.
const trailRoom = 1 << 10

func trailItem(h realname.TrailHead) (table.Item, table.Condition, error) {
	it, cond, err := put(trailKey(h.USCC), h.Version, trailRecord{h.Entries, shortHash(h.Hash), h.Notices})
	if err == nil {
		maps.Copy(it.Body, pack(h.Recent))
	}
	return it, cond, err
}

// putTrail returns the write of the head, and of the entries for which it has no room.
func putTrail(h realname.TrailHead) ([]table.Write, error) {
	var writes []table.Write
	for {
		it, cond, err := trailItem(h)
		if err != nil || len(h.Recent) == 0 || table.Size(it) <= trailRoom {
			return append(writes, table.Put(it, cond)), err
		}
		first := h.Entries - int64(len(h.Recent)) + 1
		n := 1
		for n < len(h.Recent) && table.Size(entriesItem(h.USCC, first, h.Recent[:n+1])) <= trailRoom {
			n++
		}
		writes = append(writes, table.Put(entriesItem(h.USCC, first, h.Recent[:n]), table.Absent()))
		h.Recent = h.Recent[n:]
	}
}

// readTrail returns the head; a zero head for an enterprise without a trail, and nil
// if uscc is empty.
func readTrail(items []table.Item, uscc string) (*realname.TrailHead, error) {
	if uscc == "" {
		return nil, nil
	}
	it, ok := table.Find(items, trailKey(uscc))
	if !ok {
		return &realname.TrailHead{USCC: uscc}, nil
	}
	h, err := TrailOf(it)
	return &h, err
}

// TrailOf decodes the item of a head.
func TrailOf(it table.Item) (realname.TrailHead, error) {
	h := realname.TrailHead{USCC: strings.TrimPrefix(it.Key.PK, enterprisePK("")), Version: it.Version}
	list, packed := it.Body["entries"].([]any)
	if !packed {
		var r formerTrailRecord
		err := read(it, &r)
		h.Entries, h.Hash, h.Notices = r.Entries, r.Hash, r.Notices
		return h, err
	}
	var r trailRecord
	if err := read(it, &r); err != nil {
		return h, err
	}
	h.Entries, h.Hash, h.Notices = r.Count, longHash(r.Hash), r.Notices
	h.Recent = unpack(h.USCC, r.Count-int64(len(list))+1, it.Body)
	return h, nil
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

// headsOf returns the heads that the change moves. If the change already carries all of
// them, headsOf makes no call.
func (s *Store) headsOf(ctx context.Context, c realname.Change) (map[string]*realname.TrailHead, error) {
	enterprises, heads := enterprisesOf(c), map[string]*realname.TrailHead{}
	if c.Trail != nil {
		c.Trails = append([]realname.TrailHead{*c.Trail}, c.Trails...)
	}
	for _, head := range c.Trails {
		heads[head.USCC] = &head
	}
	for _, uscc := range enterprises {
		if heads[uscc] == nil {
			return s.readHeads(ctx, enterprises)
		}
	}
	return heads, nil
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
		if err := chain(a, heads[a.USCC]); err != nil {
			return nil, err
		}
		if of, values := a.Values(); values != nil {
			w, err := putAuditValues(of, a.USCC, *values)
			if err != nil {
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
		some, err := putTrail(*head)
		if err != nil {
			return nil, err
		}
		writes = append(writes, some...)
	}
	return writes, nil
}
