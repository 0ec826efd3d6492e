package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"realname/shared/table"
	"realname/shared/table/sqlite"
)

// Readers and writers of few items, with a cache that hardly holds one: a reader sees at
// least what was acknowledged before it asked, and never goes back.
func TestNoReadShowsAFormerState(t *testing.T) {
	db := open(t, t.TempDir(), time.Now)
	sqlite.ShrinkCache(db, 2000)
	const items, rounds = 6, 300
	var acknowledged [items]atomic.Int64
	keys := make([]table.Key, items)
	for i := range keys {
		keys[i] = table.Key{PK: "p", SK: fmt.Sprint(i)}
	}
	ctx := t.Context()
	var writers, readers sync.WaitGroup
	for i := range items {
		writers.Go(func() {
			for v := int64(1); v <= rounds; v++ {
				when := table.VersionIs(v - 1)
				if v == 1 {
					when = table.Absent()
				}
				if err := db.Transact(ctx, table.Put(table.Item{Key: keys[i], Version: v}, when)); err != nil {
					t.Errorf("item %d, version %d: %v", i, v, err)
					return
				}
				acknowledged[i].Store(v)
			}
		})
	}
	done := make(chan struct{})
	for seed := range uint64(4) {
		readers.Go(func() {
			random := rand.New(rand.NewPCG(seed, 1))
			var seen [items]int64
			for {
				select {
				case <-done:
					return
				default:
				}
				a, b := random.IntN(items), random.IntN(items)
				for _, i := range []int{a, b} {
					seen[i] = max(seen[i], acknowledged[i].Load())
				}
				got, err := db.Get(ctx, keys[a], keys[b])
				if err != nil {
					t.Error(err)
					return
				}
				for _, i := range []int{a, b} {
					it, _ := table.Find(got, keys[i])
					if it.Version < seen[i] {
						t.Errorf("item %d: version %d after %d", i, it.Version, seen[i])
						return
					}
					seen[i] = it.Version
				}
			}
		})
	}
	writers.Wait()
	close(done)
	readers.Wait()
}

// Most reads of a verification are of items that it has written or read a moment ago.
func TestAReadOfAKnownItemNeedsNoStatement(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	db := open(t, t.TempDir(), func() time.Time { return now })
	it := numbered(1)
	it.Expires = now.Add(time.Minute).UTC()
	gone, none := numbered(2), numbered(3)
	put(t, db, it, gone)
	if err := db.Transact(t.Context(), table.Delete(gone.Key, table.VersionIs(1))); err != nil {
		t.Fatal(err)
	}
	if got, err := db.Get(t.Context(), none.Key); err != nil || len(got) != 0 {
		t.Fatal(got, err)
	}
	sqlite.WithoutReaders(t, db, func(ctx context.Context) {
		got, err := db.Get(ctx, it.Key, gone.Key, none.Key)
		if err != nil || len(got) != 1 || !reflect.DeepEqual(got[0], it) {
			t.Fatalf("%+v %v", got, err)
		}
		got[0].Body["text"] = "changed by the caller"
		if got, err := db.Get(ctx, it.Key); err != nil || !reflect.DeepEqual(got[0], it) {
			t.Errorf("%+v %v", got, err)
		}
		now = it.Expires
		if got, err := db.Get(ctx, it.Key); err != nil || len(got) != 0 {
			t.Errorf("expired: %+v %v", got, err)
		}
	})
	fresh := numbered(1)
	if err := db.Transact(t.Context(), table.Put(fresh, table.Absent())); err != nil {
		t.Error(err)
	}
	if _, err := db.Expire(t.Context()); err != nil {
		t.Error(err)
	}
	if got, err := db.Get(t.Context(), fresh.Key); err != nil || len(got) != 1 || !reflect.DeepEqual(got[0], fresh) {
		t.Errorf("%+v %v", got, err)
	}
}

// What a failed commit would have written was never there.
func TestAFailedCommitLeavesWhatWasThere(t *testing.T) {
	db := open(t, t.TempDir(), time.Now)
	put(t, db, numbered(1))
	second := numbered(1)
	second.Version = 2
	sqlite.RefuseCommits(t, db, true)
	err := db.Transact(t.Context(), table.Put(second, table.VersionIs(1)), table.Put(numbered(2), table.Absent()))
	if !errors.Is(err, table.ErrUnavailable) {
		t.Fatal(err)
	}
	got, err := db.Get(t.Context(), second.Key, numbered(2).Key)
	if err != nil || len(got) != 1 || got[0].Version != 1 {
		t.Errorf("%+v %v", got, err)
	}
	sqlite.RefuseCommits(t, db, false)
	err = db.Transact(t.Context(), table.Put(second, table.VersionIs(1)), table.Put(numbered(2), table.Absent()))
	if err != nil {
		t.Error(err)
	}
	if got, err := db.Get(t.Context(), second.Key, numbered(2).Key); err != nil || len(got) != 2 {
		t.Errorf("%+v %v", got, err)
	}
}

// Transactions that share a commit meet each other's writes.
func TestOfEqualWritesInOneCommitOneIsDone(t *testing.T) {
	db := open(t, t.TempDir(), time.Now)
	at := func(version int64) table.Item {
		it := numbered(1)
		it.Version = version
		return it
	}
	for _, step := range []struct {
		name  string
		write table.Write
	}{
		{"new", table.Put(at(1), table.Absent())},
		{"changed", table.Put(at(2), table.VersionIs(1))},
		{"removed", table.Delete(at(2).Key, table.VersionIs(2))},
		{"new again", table.Put(at(1), table.Absent())},
	} {
		var equal []func() error
		for range 8 {
			equal = append(equal, func() error { return db.Transact(t.Context(), step.write) })
		}
		done := 0
		for _, err := range sqlite.Together(t, db, equal...) {
			var refused *table.ConflictError
			switch {
			case err == nil:
				done++
			case !errors.As(err, &refused):
				t.Errorf("%s: %v", step.name, err)
			}
		}
		if done != 1 {
			t.Errorf("%s: %d times", step.name, done)
		}
	}
	if got, err := db.Get(t.Context(), at(1).Key); err != nil || !reflect.DeepEqual(got, []table.Item{at(1)}) {
		t.Errorf("%+v %v", got, err)
	}
}

// A statement that changes an item leaves the indexes alone whose keys stay.
func TestAnUpdateMovesTheItemInTheIndexesThatChange(t *testing.T) {
	at := func(n int, version int64, moved int) table.Item {
		it := numbered(n)
		it.Version = version
		it.GSI1, it.GSI2 = table.IndexKey{PK: "g1", SK: "a"}, table.IndexKey{PK: "g2", SK: "a"}
		it.Expires = time.Unix(4_000_000_000, 0).UTC()
		if moved&1 != 0 {
			it.GSI1 = table.IndexKey{PK: "g1 moved", SK: "b"}
		}
		if moved&2 != 0 {
			it.GSI2 = table.IndexKey{}
		}
		if moved&4 != 0 {
			it.Expires = time.Time{}
		}
		return it
	}
	dir := t.TempDir()
	db := open(t, dir, time.Now)
	var want []table.Item
	for from := range 8 {
		for to := range 8 {
			n := len(want)
			put(t, db, at(n, 1, from), at(n, 2, to))
			want = append(want, at(n, 2, to))
		}
	}
	check := func(when string) {
		t.Helper()
		for index, pks := range map[table.Index][]string{table.GSI1: {"g1", "g1 moved"}, table.GSI2: {"g2"}} {
			for _, pk := range pks {
				var listed []table.Item
				for _, it := range want {
					if at := it.AtIndex(index); at.GSI1.PK == pk || at.GSI2.PK == pk {
						listed = append(listed, at)
					}
				}
				page, err := db.Query(t.Context(), table.Query{Index: index, PK: pk})
				if err != nil || !reflect.DeepEqual(page.Items, listed) {
					t.Errorf("%s, %s %s: %d items of %d: %+v, %v", when, index, pk, len(page.Items), len(listed), page.Items, err)
				}
			}
		}
		for _, it := range want {
			if got, err := db.Get(t.Context(), it.Key); err != nil || !reflect.DeepEqual(got, []table.Item{it}) {
				t.Errorf("%s: %+v, want %+v, %v", when, got, it, err)
			}
		}
	}
	check("written")
	if err := errors.Join(db.Check(t.Context()), db.Close()); err != nil {
		t.Fatal(err)
	}
	db = open(t, dir, time.Now)
	check("opened again")
}

// The cache knows what is not there, too. Whether the table can be read, only a read tells.
func TestReadinessAsksTheDatabase(t *testing.T) {
	db := open(t, t.TempDir(), time.Now)
	if err := db.Readable(t.Context()); err != nil {
		t.Fatal(err)
	}
	sqlite.WithoutReaders(t, db, func(ctx context.Context) {
		if err := db.Readable(ctx); !errors.Is(err, table.ErrUnavailable) {
			t.Errorf("no statement can read: %v", err)
		}
	})
}

// A reader that kept its snapshot would tell the cache of former states.
func TestAPanickingVisitorLeavesNoSnapshot(t *testing.T) {
	db := open(t, t.TempDir(), time.Now)
	sqlite.ShrinkCache(db, 100) // each record leaves at once
	put(t, db, numbered(1))
	if err := db.Executions().Save("x", true, []byte("{}"))(); err != nil {
		t.Fatal(err)
	}
	for range 8 {
		for _, scan := range []func() error{
			func() error { return db.Scan(t.Context(), table.Key{}, func(table.Item) error { panic("visitor") }) },
			func() error {
				return db.Executions().Each(t.Context(), true, func([]byte) error { panic("visitor") })
			},
		} {
			func() {
				defer func() { _ = recover() }()
				t.Error("no panic", scan())
			}()
		}
	}
	second := numbered(1)
	second.Version = 2
	put(t, db, second, numbered(2), numbered(3))
	if got, err := db.Get(t.Context(), second.Key); err != nil || len(got) != 1 || got[0].Version != 2 {
		t.Errorf("%+v %v", got, err)
	}
}
