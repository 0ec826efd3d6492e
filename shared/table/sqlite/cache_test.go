package sqlite

import (
	"fmt"
	"testing"

	"realname/shared/table"
)

func recordAt(pk string, version int64) record {
	return record{row: 1, key: table.Key{PK: pk, SK: "s"}, version: version}
}

// has fails the test unless the cache has the version of the item; 0 means that it does
// not know.
func (c *cache) has(t *testing.T, pk string, version int64) {
	t.Helper()
	if r, ok := c.get(table.Key{PK: pk, SK: "s"}); ok != (version != 0) || r.version != version {
		t.Errorf("%s: version %d, known: %v, want %d", pk, r.version, ok, version)
	}
}

// commit is a commit that happens.
func (c *cache) commit(records ...record) {
	changing := map[table.Key]record{}
	for _, r := range records {
		changing[r.key] = r
	}
	c.begin(changing)
	c.end(true)
}

// A reader asks the database, then others commit, then it tells the cache what it has read.
func TestTheCacheLearnsNothingThatACommitMayHaveChanged(t *testing.T) {
	for name, meanwhile := range map[string]func(*cache){
		"committed":     func(c *cache) { c.commit(recordAt("a", 2)) },
		"is committing": func(c *cache) { c.begin(map[table.Key]record{recordAt("a", 2).key: recordAt("a", 2)}) },
		"left since": func(c *cache) {
			c.commit(recordAt("a", 2))
			for i := range 20 {
				c.commit(recordAt(fmt.Sprint(i), 1))
			}
		},
		"emptied since": func(c *cache) {
			c.commit(recordAt("a", 2))
			c.clear()
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCache(10 * recordBytes)
			since := c.now()
			meanwhile(c)
			c.learn(since, []record{recordAt("a", 1)})
			if r, ok := c.get(recordAt("a", 1).key); ok && r.version == 1 {
				t.Error("the former state")
			}
		})
	}
	c := newCache(10 * recordBytes)
	since := c.now()
	c.commit(recordAt("b", 1))
	c.learn(since, []record{recordAt("a", 1)})
	c.has(t, "a", 1)
}

// Whether the commit has happened, only the database knows.
func TestTheCacheKnowsNothingOfACommitUnderWay(t *testing.T) {
	c := newCache(10 * recordBytes)
	c.commit(recordAt("a", 1), recordAt("b", 1))
	c.begin(map[table.Key]record{recordAt("a", 2).key: recordAt("a", 2)})
	c.has(t, "a", 0)
	c.has(t, "b", 1)
	c.end(true)
	c.has(t, "a", 2)
	c.begin(map[table.Key]record{recordAt("a", 3).key: recordAt("a", 3)})
	c.end(false)
	c.has(t, "a", 2)
	c.clear()
	c.has(t, "a", 0)
}

// What is read stays, what nobody reads leaves, and the memory has its bound.
func TestTheCacheKeepsWhatIsRead(t *testing.T) {
	const most = 10
	c := newCache(most * recordBytes)
	c.commit(recordAt("read", 1), recordAt("unread", 1))
	for i := range 20 * most {
		c.has(t, "read", 1)
		c.commit(recordAt(fmt.Sprint(i), 1))
		bytes := 0
		for _, records := range []map[table.Key]record{c.fresh, c.aged} {
			for _, r := range records {
				bytes += r.bytes()
			}
		}
		if bytes > (most+2)*recordBytes {
			t.Fatalf("%d bytes", bytes)
		}
	}
	c.has(t, "unread", 0)
	for v := range int64(20 * most) {
		c.commit(recordAt("written", v+1))
	}
	c.has(t, "read", 1)
}

// A reader finds a record among the aged ones, and a commit changes it before the reader
// can refresh it.
func TestARefreshDoesNotUndoACommit(t *testing.T) {
	c := newCache(4 * recordBytes)
	c.commit(recordAt("a", 1))
	c.commit(recordAt("b", 1))
	a := recordAt("a", 2)
	if _, aged := c.aged[a.key]; !aged {
		t.Fatal("the record is not aged")
	}
	c.commit(a)
	c.refresh(a.key)
	c.has(t, "a", 2)
}
