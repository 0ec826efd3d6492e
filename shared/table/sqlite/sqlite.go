// Package sqlite implements the table in one file of a directory, for a single machine
// that keeps its data. A transaction that was answered survives the end of the process
// and a power failure.
//
// One goroutine writes. It commits the transactions that wait together, so that
// concurrent writers share one write to the disk. Reads run beside it, each on a
// snapshot. One process at a time opens a directory.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	_ "modernc.org/sqlite" // the driver

	"realname/shared/table/feed"
)

// fileName is the name of the database in its directory. SQLite keeps two more files
// beside it while the database is open.
const fileName = "realname.db"

// readers is the number of reads at the same time.
const readers = 8

// DB is an open database. It implements table.Table and its change feed.
type DB struct {
	feed.Feed
	now    func() time.Time
	dir    string
	lock   *os.File
	write  *sql.DB
	read   *sql.DB
	idle   chan *reader
	cache  *cache
	writer *writer

	closing sync.Once
	closed  error
}

// Open opens the database in the directory, or makes both. It migrates a database of
// an older version. now decides which items have expired.
// Errors: ErrInUse if another process has the directory open, ErrNewer for a database
// of a newer version, ErrDamaged for a file that is no sound database.
func Open(dir string, now func() time.Time) (*DB, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open the data in %s: %w", dir, err)
	}
	l, err := LockDir(dir)
	if err != nil {
		return nil, err
	}
	return l.Open(now)
}

// Open is the function Open in the locked directory. Afterwards, the lock belongs to the
// database, and is released if there is none.
func (l *Lock) Open(now func() time.Time) (*DB, error) {
	db, err := open(l, now)
	if err != nil {
		return nil, fmt.Errorf("open the data in %s: %w", l.dir, err)
	}
	return db, nil
}

func open(l *Lock, now func() time.Time) (_ *DB, err error) {
	dir := l.dir
	db := &DB{now: now, dir: dir, lock: l.file, cache: newCache(cacheBytes)}
	defer func() {
		if err != nil {
			_ = db.release() // the first error is the cause
		}
	}()
	file := filepath.Join(dir, fileName)
	if err := private(file); err != nil {
		return nil, err
	}
	ctx := context.Background()
	db.write, err = connect(file, 1, "synchronous(FULL)", "cache_size(-16000)", "wal_autocheckpoint(4000)",
		"journal_size_limit(67108864)")
	if err != nil {
		return nil, err
	}
	if err := migrate(ctx, db.write, migrations); err != nil {
		return nil, err
	}
	if db.writer, err = newWriter(ctx, db.write, &db.Feed, db.cache); err != nil {
		return nil, cause(err)
	}
	if db.read, err = connect(file, readers, "query_only(1)", "cache_size(-4000)"); err != nil {
		return nil, err
	}
	idle := make(chan *reader, readers)
	for range readers {
		r, err := newReader(ctx, db.read)
		if err != nil {
			close(idle)
			for r := range idle {
				r.close()
			}
			return nil, cause(err)
		}
		idle <- r
	}
	db.idle = idle // release waits for all of them
	return db, nil
}

// private makes an empty file that only its owner reads, unless the file exists.
// SQLite gives its other files the same mode.
func private(file string) error {
	f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// connect opens connections with the settings.
func connect(file string, most int, pragmas ...string) (*sql.DB, error) {
	dsn := url.URL{Scheme: "file", Path: filepath.ToSlash(file), RawQuery: url.Values{
		"_pragma": append([]string{"busy_timeout(5000)", "temp_store(MEMORY)"}, pragmas...),
	}.Encode()}
	pool, err := sql.Open("sqlite", dsn.String())
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(most)
	pool.SetMaxIdleConns(most)
	return pool, nil
}

// Close waits for the writes that were accepted and closes the database. Later calls
// of the table are table.ErrUnavailable.
func (db *DB) Close() error {
	db.closing.Do(func() { db.closed = db.release() })
	return db.closed
}

func (db *DB) release() error {
	var all []error
	if db.writer != nil {
		db.writer.close()
	}
	if db.idle != nil {
		for range cap(db.idle) {
			(<-db.idle).close()
		}
		close(db.idle)
	}
	db.cache.clear()                                    // afterwards, it answers no read that the database would refuse
	for _, pool := range []*sql.DB{db.read, db.write} { // the last one writes its log into the file
		if pool != nil {
			all = append(all, pool.Close())
		}
	}
	return errors.Join(append(all, db.lock.Close())...)
}
