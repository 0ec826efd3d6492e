package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"realname/shared/table"
)

// reader is a connection that reads.
type reader struct {
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
}

func newReader(ctx context.Context, pool *sql.DB) (*reader, error) {
	conn, err := pool.Conn(ctx)
	return &reader{conn: conn, stmts: map[string]*sql.Stmt{}}, err
}

func (r *reader) close() {
	for _, s := range r.stmts {
		_ = s.Close() // the connection ends anyway
	}
	_ = r.conn.Close() // returns it to its pool
}

func (r *reader) query(query string, args ...any) (*sql.Rows, error) {
	s, ok := r.stmts[query]
	if !ok {
		var err error
		if s, err = r.conn.PrepareContext(context.Background(), query); err != nil {
			return nil, err
		}
		r.stmts[query] = s
	}
	return s.QueryContext(context.Background(), args...)
}

// reading runs a short read on an idle connection. The context ends the wait for one,
// and not the read, whose interruption would cost more than it saves.
func (db *DB) reading(ctx context.Context, read func(*reader) error) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%w: %w", table.ErrUnavailable, err)
	}
	select {
	case <-ctx.Done():
		return fmt.Errorf("%w: %w", table.ErrUnavailable, ctx.Err())
	case r, open := <-db.idle:
		if !open {
			return fmt.Errorf("%w: the database is closed", table.ErrUnavailable)
		}
		defer func() { db.idle <- r }()
		if err := read(r); err != nil {
			return fmt.Errorf("%w: %w", table.ErrUnavailable, cause(err))
		}
		return nil
	}
}

// live selects the items that have not expired.
const live = "(expires IS NULL OR expires > ?)"

// Get implements table.Table. One statement reads all items, on one snapshot.
func (db *DB) Get(ctx context.Context, keys ...table.Key) ([]table.Item, error) {
	keys, err := table.DistinctKeys(keys)
	if err != nil {
		return nil, fmt.Errorf("get: %w", err)
	}
	args := make([]any, 0, 2*len(keys)+1)
	for _, k := range keys {
		args = append(args, k.PK, k.SK)
	}
	args = append(args, db.now().Unix())
	var found []table.Item
	err = db.reading(ctx, func(r *reader) error {
		rows, err := r.query(getting(len(keys)), args...)
		if err != nil {
			return err
		}
		found, err = collect(make([]table.Item, 0, len(keys)), rows, scan)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("get: %w", err)
	}
	return found, nil
}

// getting returns the query for a number of keys. The cross join looks each key up in the
// primary key; SQLite may not reorder it.
func getting(keys int) string {
	return "WITH wanted (pk, sk) AS (VALUES (?, ?)" + strings.Repeat(", (?, ?)", keys-1) + ") " +
		"SELECT " + columns + " FROM wanted CROSS JOIN items USING (pk, sk) WHERE " + live
}

func collect(items []table.Item, rows *sql.Rows, scan func(row) (table.Item, error)) ([]table.Item, error) {
	var err error
	for err == nil && rows.Next() {
		var it table.Item
		if it, err = scan(rows); err == nil {
			items = append(items, it)
		}
	}
	return items, errors.Join(err, rows.Err(), rows.Close())
}

// Query implements table.Table.
func (db *DB) Query(ctx context.Context, q table.Query) (table.Page, error) {
	q, after, err := q.Checked()
	if err != nil {
		return table.Page{}, fmt.Errorf("query: %w", err)
	}
	query, args := selection(q, after, db.now().Unix())
	read := scan
	if q.Index != table.Primary {
		read = scanKeys(q.Index)
	}
	var page table.Page
	err = db.reading(ctx, func(r *reader) error {
		rows, err := r.query(query, args...)
		if err != nil {
			return err
		}
		page.Items, err = collect(nil, rows, read)
		return err
	})
	if err != nil {
		return table.Page{}, fmt.Errorf("query: %w", err)
	}
	if len(page.Items) > q.Limit {
		page.Items = page.Items[:q.Limit]
		page.Next = q.Cursor(page.Items[q.Limit-1])
	}
	return page, nil
}

// selection returns the query of a page and one item more.
func selection(q table.Query, after *table.Place, now int64) (query string, args []any) {
	from, to := q.Between(after)
	above, order := ">", ""
	if q.Descending {
		order = " DESC"
	}
	if q.Index == table.Primary {
		if from.Key == (table.Key{}) { // then the place is before the item with its sort key
			above = ">="
		}
		return "SELECT " + columns + " FROM items" +
				" WHERE pk = ? AND sk " + above + " ? AND sk < ? AND " + live +
				" ORDER BY sk" + order + " LIMIT ?",
			[]any{q.PK, from.Index.SK, to.Index.SK, now, q.Limit + 1}
	}
	index := "gsi1"
	if q.Index == table.GSI2 {
		index = "gsi2"
	}
	place := "(" + index + "sk, pk, sk)"
	return "SELECT pk, sk, " + index + "pk, " + index + "sk FROM items" +
			" WHERE " + index + "pk = ? AND " + place + " > (?, ?, ?) AND " + place + " < (?, ?, ?) AND " + live +
			" ORDER BY " + index + "sk" + order + ", pk" + order + ", sk" + order + " LIMIT ?",
		[]any{
			q.PK, from.Index.SK, from.Key.PK, from.Key.SK, to.Index.SK, to.Key.PK, to.Key.SK, now, q.Limit + 1,
		}
}
