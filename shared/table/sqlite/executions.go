package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// endedLife is how long an ended execution is kept, as in Step Functions.
const endedLife = 90 * 24 * time.Hour

// Executions keeps the executions of a workflow engine in the same file as the items.
type Executions struct{ db *DB }

// Executions returns the store of executions.
func (db *DB) Executions() Executions { return Executions{db} }

// Save keeps the record of an execution in place of its former one. Saves are done in
// their order. kept waits until this one is on the disk.
func (e Executions) Save(name string, running bool, record []byte) (kept func() error) {
	at := e.db.now().Unix()
	j := e.db.writer.begin(func(w *writer, _ *job) error {
		return w.save(name, running, at, string(record))
	})
	return func() error {
		if err := <-j.done; err != nil {
			return fmt.Errorf("save an execution: %w", err)
		}
		return nil
	}
}

// save first takes the execution for one that is stored as running, as most are: that
// leaves the indexes alone until it ends.
func (w *writer) save(name string, running bool, at int64, record string) error {
	query, args := "UPDATE executions SET saved = ?, record = ? WHERE name = ? AND running", []any{at, record, name}
	if !running {
		query = "UPDATE executions SET running = 0, saved = ?, record = ? WHERE name = ? AND running"
	}
	done, err := w.exec(query, args...)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n > 0 {
		return err
	}
	_, err = w.exec("INSERT OR REPLACE INTO executions (name, running, saved, record) VALUES (?, ?, ?, ?)",
		name, running, at, record)
	return err
}

// Find returns the record of an execution, nil if there is none.
func (e Executions) Find(ctx context.Context, name string) (record []byte, err error) {
	err = e.db.reading(ctx, func(r *reader) error {
		rows, err := r.query("SELECT record FROM executions WHERE name = ?", name)
		if err != nil {
			return err
		}
		return records(rows, func(found []byte) error {
			record = found
			return nil
		})
	})
	if err != nil {
		return nil, fmt.Errorf("read an execution: %w", err)
	}
	return record, nil
}

// Each calls visit with the record of each execution that runs, or of each that has
// ended, as they are at one moment.
func (e Executions) Each(ctx context.Context, running bool, visit func(record []byte) error) error {
	which := "running"
	if !running {
		which = "NOT running"
	}
	err := e.db.reading(ctx, func(r *reader) error {
		rows, err := r.query("SELECT record FROM executions WHERE " + which)
		if err != nil {
			return err
		}
		return records(rows, visit)
	})
	if err != nil {
		return fmt.Errorf("read the executions: %w", err)
	}
	return nil
}

func records(rows *sql.Rows, visit func([]byte) error) error {
	defer func() { _ = rows.Close() }() // also if visit panics: the snapshot must end
	var err error
	for err == nil && rows.Next() {
		var record []byte
		if err = rows.Scan(&record); err == nil {
			err = visit(record)
		}
	}
	return errors.Join(err, rows.Err(), rows.Close())
}
