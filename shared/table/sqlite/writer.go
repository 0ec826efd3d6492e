package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"realname/shared/table"
	"realname/shared/table/feed"
)

// mostJobs is the largest number of jobs that share one commit.
const mostJobs = 256

// job is one caller's transaction.
type job struct {
	// do checks every condition before it writes, so that it writes all or nothing if
	// its error is an answer. Any other error is a failure of the database.
	do      func(*writer, *job) error
	changes []table.Change
	done    chan error
}

// answer is an error that concerns the caller's transaction alone.
type answer struct{ error }

// writer owns the only connection that writes.
type writer struct {
	conn  *sql.Conn
	feed  *feed.Feed
	cache *cache
	stmts map[string]*sql.Stmt
	// changed are the records that the transaction under way has written.
	changed map[table.Key]record
	// failing reports that the last write was not stored.
	failing atomic.Bool

	mu    sync.Mutex
	ready *sync.Cond
	queue []*job
	ended bool
	idle  chan struct{} // closed when the goroutine has ended
}

func newWriter(ctx context.Context, db *sql.DB, f *feed.Feed, c *cache) (*writer, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	w := &writer{
		conn: conn, feed: f, cache: c, stmts: map[string]*sql.Stmt{}, changed: map[table.Key]record{},
		idle: make(chan struct{}),
	}
	w.ready = sync.NewCond(&w.mu)
	go w.run()
	return w, nil
}

// begin queues a job. Jobs are done in this order. The channel receives the job's
// error after the commit.
func (w *writer) begin(do func(*writer, *job) error) *job {
	j := &job{do: do, done: make(chan error, 1)}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended {
		j.done <- errors.New("the database is closed")
		return j
	}
	w.queue = append(w.queue, j)
	w.ready.Signal()
	return j
}

// close ends the writer after the jobs that wait.
func (w *writer) close() {
	w.mu.Lock()
	w.ended = true
	w.mu.Unlock()
	w.ready.Signal()
	<-w.idle
}

func (w *writer) run() {
	defer close(w.idle)
	for {
		w.mu.Lock()
		for len(w.queue) == 0 && !w.ended {
			w.ready.Wait()
		}
		if len(w.queue) == 0 {
			w.mu.Unlock()
			for _, s := range w.stmts {
				_ = s.Close() // the connection ends anyway
			}
			_ = w.conn.Close() // returns it to its pool
			return
		}
		n := min(len(w.queue), mostJobs)
		batch := append([]*job(nil), w.queue[:n]...)
		w.queue = slices.Delete(w.queue, 0, n) // and forgets the jobs that it moves away
		w.mu.Unlock()
		w.commit(batch)
	}
}

// commit does the jobs in one transaction of SQLite and answers them. If a job makes
// the database fail, each is done again by itself, so that one that is too large for
// the disk does not take the others with it.
func (w *writer) commit(batch []*job) {
	results := make([]error, len(batch))
	clear(w.changed) // of a transaction that failed before its commit
	_, failed := w.exec("BEGIN IMMEDIATE")
	for i, j := range batch {
		if failed != nil {
			break
		}
		j.changes = nil
		err := j.do(w, j)
		var own answer
		switch {
		case err == nil:
		case errors.As(err, &own):
			results[i] = own.error
		default:
			failed = err
		}
	}
	if failed != nil {
		_, _ = w.exec("ROLLBACK") // fails if SQLite has rolled back already
		if len(batch) > 1 {
			for _, j := range batch {
				w.commit([]*job{j})
			}
			return
		}
		w.failing.Store(true)
		batch[0].done <- cause(failed)
		return
	}
	w.cache.begin(w.changed)
	_, err := w.exec("COMMIT")
	w.cache.end(err == nil)
	clear(w.changed)
	if err != nil {
		w.failing.Store(true)
		_, _ = w.exec("ROLLBACK") // fails if SQLite has rolled back already
		for _, j := range batch {
			j.done <- cause(err)
		}
		return
	}
	if slices.Contains(results, nil) { // a refused transaction has written nothing
		w.failing.Store(false)
	}
	for i, j := range batch {
		for _, c := range j.changes {
			w.feed.Send(c)
		}
		j.done <- results[i]
	}
}

// Writable returns an error if the table takes no writes. It tries one only if the last
// one failed, so that it costs a healthy table nothing.
// Errors: table.ErrUnavailable.
func (db *DB) Writable(ctx context.Context) error {
	if !db.writer.failing.Load() {
		return nil
	}
	return db.writer.begin(func(w *writer, _ *job) error {
		_, err := w.conn.ExecContext(context.Background(), fmt.Sprintf("PRAGMA user_version = %d", len(migrations)))
		return err
	}).wait(ctx)
}

// Readable returns an error if the table reads no items. It does not ask the cache.
// Errors: table.ErrUnavailable.
func (db *DB) Readable(ctx context.Context) error {
	_, err := db.stored(ctx, []table.Key{{PK: "READY", SK: "READY"}}) // no such item
	return err
}

// stmt returns the prepared statement of a query.
func (w *writer) stmt(query string) (*sql.Stmt, error) {
	if s, ok := w.stmts[query]; ok {
		return s, nil
	}
	s, err := w.conn.PrepareContext(context.Background(), query)
	if err == nil {
		w.stmts[query] = s
	}
	return s, err
}

// The statements of the writer take no caller's context: a transaction of SQLite ends
// only with all its jobs.

func (w *writer) exec(query string, args ...any) (sql.Result, error) {
	s, err := w.stmt(query)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(context.Background(), args...)
}

// wait returns the error of a job, or table.ErrUnavailable when the context ends
// first. The job may then still be done.
func (j *job) wait(ctx context.Context) error {
	select {
	case err := <-j.done:
		var refused *table.ConflictError
		if err == nil || errors.As(err, &refused) {
			return err
		}
		return fmt.Errorf("%w: %w", table.ErrUnavailable, err)
	case <-ctx.Done():
		return fmt.Errorf("%w: %w", table.ErrUnavailable, ctx.Err())
	}
}
