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
	records := make([]record, len(writes))
	for i, w := range writes {
		if w.Action == table.ActionPut {
			var err error
			if records[i], err = recordOf(w.Item); err != nil {
				return fmt.Errorf("write: %w", err)
			}
		}
	}
	own := slices.Clone(writes) // the job may outlive the call
	if err := db.writer.begin(func(w *writer, j *job) error {
		return w.transact(j, own, records, db.now().Unix())
	}).wait(ctx); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

// transact checks all conditions, then writes.
func (w *writer) transact(j *job, writes []table.Write, records []record, now int64) error {
	found := make([]record, len(writes))
	var refused []table.Refusal
	for i, write := range writes {
		r, err := w.find(write.Item.Key)
		if err != nil {
			return err
		}
		found[i] = r
		if !r.holds(write.If, now) {
			refused = append(refused, table.Refusal{Index: i, Key: write.Item.Key, Reason: table.ConditionFailed})
		}
	}
	if refused != nil {
		return answer{&table.ConflictError{Refused: refused}}
	}
	for i, write := range writes {
		change := table.Change{Key: write.Item.Key, Old: found[i].version}
		var err error
		switch write.Action {
		case table.ActionCheck:
			continue
		case table.ActionPut:
			change.New = write.Item.Version
			err = w.put(records[i], found[i])
		case table.ActionDelete:
			err = w.remove(found[i])
		}
		if err != nil {
			return err
		}
		if change.Old != 0 || change.New != 0 {
			j.changes = append(j.changes, change)
		}
	}
	return nil
}

// holds reports whether the condition holds for what is stored.
func (r record) holds(c table.Condition, now int64) bool {
	switch c.Kind {
	case table.KindAbsent:
		return !r.live(now)
	case table.KindVersion:
		return r.live(now) && r.version == c.Version
	}
	return true
}

// find returns what is stored at the key, as the jobs before have left it.
func (w *writer) find(k table.Key) (record, error) {
	if r, ok := w.changed[k]; ok {
		return r, nil
	}
	if r, ok := w.cache.get(k); ok {
		return r, nil
	}
	find, err := w.stmt("SELECT rowid, " + columns + " FROM items WHERE pk = ? AND sk = ?")
	if err != nil {
		return record{}, err
	}
	r, err := scanRecord(find.QueryRowContext(context.Background(), k.PK, k.SK))
	if errors.Is(err, sql.ErrNoRows) {
		return record{key: k}, nil
	}
	return r, err
}

// put writes the record in place of the former one.
func (w *writer) put(r, former record) error {
	if former.row != 0 {
		r.row = former.row
		query, args := update(r, former)
		if _, err := w.exec(query, args...); err != nil {
			return err
		}
		w.changed[r.key] = r
		return nil
	}
	done, err := w.exec("INSERT INTO items ("+columns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		r.key.PK, r.key.SK, r.version, text(r.gsi1.PK), text(r.gsi1.SK), text(r.gsi2.PK), text(r.gsi2.SK), r.expires, r.body)
	if err != nil {
		return err
	}
	if r.row, err = done.LastInsertId(); err != nil {
		return err
	}
	w.changed[r.key] = r
	return nil
}

// update returns the statement that writes the record in place of the former one. It
// names only the indexed columns that change: SQLite writes the index of each column that
// a statement names, even if its value stays.
func update(r, former record) (query string, args []any) {
	query, args = "UPDATE items SET version = ?, body = ?", append(make([]any, 0, 8), r.version, r.body)
	if r.gsi1 != former.gsi1 {
		query, args = query+", gsi1pk = ?, gsi1sk = ?", append(args, text(r.gsi1.PK), text(r.gsi1.SK))
	}
	if r.gsi2 != former.gsi2 {
		query, args = query+", gsi2pk = ?, gsi2sk = ?", append(args, text(r.gsi2.PK), text(r.gsi2.SK))
	}
	if r.expires != former.expires {
		query, args = query+", expires = ?", append(args, r.expires)
	}
	return query + " WHERE rowid = ?", append(args, r.row)
}

// remove deletes what is stored, if there is anything.
func (w *writer) remove(former record) error {
	if former.row == 0 {
		return nil
	}
	_, err := w.exec("DELETE FROM items WHERE rowid = ?", former.row)
	w.changed[former.key] = record{key: former.key}
	return err
}
