package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	driver "modernc.org/sqlite"
)

// LimitPages makes the database full at a number of pages, as a full disk does.
func LimitPages(t *testing.T, db *DB, pages int) {
	pragma(t, db, fmt.Sprintf("PRAGMA max_page_count = %d", pages))
}

// ForbidWrites makes the file read-only.
func ForbidWrites(t *testing.T, db *DB) { pragma(t, db, "PRAGMA query_only = 1") }

// AllowWrites ends ForbidWrites.
func AllowWrites(t *testing.T, db *DB) { pragma(t, db, "PRAGMA query_only = 0") }

func pragma(t *testing.T, db *DB, statement string) {
	t.Helper()
	if _, err := db.writer.conn.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

// RefuseCommits makes every commit fail after its statements, or ends that.
func RefuseCommits(t *testing.T, db *DB, refuse bool) {
	t.Helper()
	if err := db.writer.conn.Raw(func(conn any) error {
		conn.(driver.HookRegisterer).RegisterCommitHook(func() int32 {
			if refuse {
				return 1
			}
			return 0
		})
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// Together starts the writes while the writer waits, so that one commit does all of them,
// in any order, and returns their errors.
func Together(t *testing.T, db *DB, writes ...func() error) []error {
	t.Helper()
	reached, release := make(chan struct{}), make(chan struct{})
	db.writer.begin(func(*writer, *job) error {
		close(reached)
		<-release
		return nil
	})
	<-reached
	errs := make([]error, len(writes))
	var all sync.WaitGroup
	for i, write := range writes {
		all.Go(func() { errs[i] = write() })
	}
	waiting := func() int {
		db.writer.mu.Lock()
		defer db.writer.mu.Unlock()
		return len(db.writer.queue)
	}
	for waiting() < len(writes) && t.Context().Err() == nil {
		runtime.Gosched()
	}
	close(release)
	all.Wait()
	return errs
}

// ShrinkCache gives the cache another size.
func ShrinkCache(db *DB, bytes int) { db.cache.most = bytes / 2 }

// WithoutReaders calls do while no statement can read, and fails the test if it waits for one.
func WithoutReaders(t *testing.T, db *DB, do func(context.Context)) {
	t.Helper()
	var taken []*reader
	for range cap(db.idle) {
		taken = append(taken, <-db.idle)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	do(ctx)
	for _, r := range taken {
		db.idle <- r
	}
}

// MakeOld makes a database of an older version of the schema.
func MakeOld(t *testing.T, file string, version int) {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	if err := migrate(t.Context(), db, migrations[:version]); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}
