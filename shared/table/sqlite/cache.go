package sqlite

import (
	"sync"

	"realname/shared/table"
)

// cacheBytes is about how much memory the cache takes, half of it for records that may
// not have been read for long.
const cacheBytes = 32 << 20

// recordBytes is about what a record takes beside its texts.
const recordBytes = 250

// cache holds records as they are on the disk, also those of keys without an item, so
// that most reads need no statement. The writer tells it of every commit.
//
// Nobody reads a former state of an item from it: during a commit, readers of the changed
// keys ask the database, which knows whether the commit has happened.
type cache struct {
	mu sync.RWMutex
	// fresh holds the records of the last time, aged those of the time before. A record
	// that is read moves to fresh. When fresh is full, it becomes aged.
	fresh, aged map[table.Key]record
	bytes, most int // of fresh
	// changing are the records of the commit under way.
	changing map[table.Key]record
	// times counts how often records have left the cache.
	times int
}

func newCache(bytes int) *cache {
	return &cache{fresh: map[table.Key]record{}, aged: map[table.Key]record{}, most: bytes / 2}
}

// get returns the record of the key, if the cache has it.
func (c *cache) get(k table.Key) (record, bool) {
	c.mu.RLock()
	_, changing := c.changing[k]
	r, fresh := c.fresh[k]
	aged := false
	if !fresh {
		r, aged = c.aged[k]
	}
	c.mu.RUnlock()
	if changing {
		return record{}, false
	}
	if aged {
		c.refresh(k)
	}
	return r, fresh || aged
}

func (c *cache) refresh(k table.Key) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r, ok := c.aged[k]; ok {
		delete(c.aged, k)
		c.put(r)
	}
}

// now returns the time to give to learn. It is taken before the database is read.
func (c *cache) now() int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.times
}

// learn adds records that were read from the database, unless a commit may have changed
// them since: it has then put its record among the fresh ones, or something has left.
func (c *cache) learn(since int, records []record) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, r := range records {
		if _, known := c.fresh[r.key]; !known && c.times == since {
			c.put(r)
		}
	}
}

// begin tells the cache what a commit is about to write. end follows.
func (c *cache) begin(changing map[table.Key]record) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.changing = changing
}

// end puts the records in that the commit has written. A failed commit leaves the cache as
// it was.
func (c *cache) end(committed bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if committed {
		for _, r := range c.changing {
			delete(c.aged, r.key)
			c.put(r)
		}
	}
	c.changing = nil
}

// clear empties the cache.
func (c *cache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.fresh)
	clear(c.aged)
	c.bytes = 0
	c.times++
}

// put makes the record fresh. The caller holds the lock.
func (c *cache) put(r record) {
	if former, ok := c.fresh[r.key]; ok {
		c.bytes -= former.bytes()
	}
	c.fresh[r.key] = r
	if c.bytes += r.bytes(); c.bytes > c.most {
		c.fresh, c.aged, c.bytes = make(map[table.Key]record, len(c.fresh)), c.fresh, 0
		c.times++
	}
}
