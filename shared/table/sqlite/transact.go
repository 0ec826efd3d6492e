package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"realname/shared/table"
)

// Transact implements table.Table.
func (db *DB) Transact(ctx context.Context, writes ...table.Write) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("write: %w: %w", table.ErrUnavailable, err)
	}
	if err := table.Validate(writes); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	rows := make([][]any, len(writes))
	for i, w := range writes {
		if w.Action == table.ActionPut {
			var err error
			if rows[i], err = values(w.Item); err != nil {
				return fmt.Errorf("write: %w", err)
			}
		}
	}
	own := slices.Clone(writes) // the job may outlive the call
	if err := db.writer.begin(func(w *writer, j *job) error {
		return w.transact(j, own, rows, db.now().Unix())
	}).wait(ctx); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

// stored is what the writer knows of an item in the table.
type stored struct {
	row     int64 // 0 if there is none
	version int64
	expired bool
}

// transact checks all conditions, then writes.
func (w *writer) transact(j *job, writes []table.Write, rows [][]any, now int64) error {
	found := make([]stored, len(writes))
	var refused []table.Refusal
	for i, write := range writes {
		s, err := w.find(write.Item.Key, now)
		if err != nil {
			return err
		}
		found[i] = s
		if !s.holds(write.If) {
			refused = append(refused, table.Refusal{Index: i, Key: write.Item.Key, Reason: table.ConditionFailed})
		}
	}
	if refused != nil {
		return answer{&table.ConflictError{Refused: refused}}
	}
	for i, write := range writes {
		if write.Action == table.ActionCheck {
			continue
		}
		change := table.Change{Key: write.Item.Key, Old: found[i].version}
		var err error
		switch row := found[i].row; {
		case write.Action == table.ActionPut && row == 0:
			err = w.exec(insert, rows[i]...)
		case write.Action == table.ActionPut:
			err = w.exec(update, append(rows[i], row)...)
		case row != 0:
			err = w.exec("DELETE FROM items WHERE rowid = ?", row)
		}
		if err != nil {
			return err
		}
		if write.Action == table.ActionPut {
			change.New = write.Item.Version
		}
		if change.Old != 0 || change.New != 0 {
			j.changes = append(j.changes, change)
		}
	}
	return nil
}

const (
	insert = "INSERT INTO items (" + columns + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
	update = "UPDATE items SET (" + columns + ") = (?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE rowid = ?"
)

func (w *writer) find(k table.Key, now int64) (stored, error) {
	var s stored
	var expires sql.NullInt64
	find, err := w.stmt("SELECT rowid, version, expires FROM items WHERE pk = ? AND sk = ?")
	if err != nil {
		return s, err
	}
	err = find.QueryRowContext(context.Background(), k.PK, k.SK).Scan(&s.row, &s.version, &expires)
	if errors.Is(err, sql.ErrNoRows) {
		return s, nil
	}
	if err != nil {
		return s, err
	}
	s.expired = expires.Valid && expires.Int64 <= now
	return s, nil
}

func (s stored) holds(c table.Condition) bool {
	live := s.row != 0 && !s.expired
	switch c.Kind {
	case table.KindAbsent:
		return !live
	case table.KindVersion:
		return live && s.version == c.Version
	}
	return true
}
