package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
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

// Get implements table.Table. One statement reads the items that the cache does not have.
func (db *DB) Get(ctx context.Context, keys ...table.Key) ([]table.Item, error) {
	keys, err := table.DistinctKeys(keys)
	if err == nil && ctx.Err() != nil {
		err = fmt.Errorf("%w: %w", table.ErrUnavailable, ctx.Err())
	}
	if err != nil {
		return nil, fmt.Errorf("get: %w", err)
	}
	since := db.cache.now()
	found := make([]record, 0, len(keys))
	var missing []table.Key
	for _, k := range keys {
		if r, ok := db.cache.get(k); ok {
			found = append(found, r)
		} else {
			missing = append(missing, k)
		}
	}
	if len(missing) > 0 {
		stored, err := db.stored(ctx, missing)
		if err != nil {
			return nil, fmt.Errorf("get: %w", err)
		}
		db.cache.learn(since, stored)
		found = append(found, stored...)
	}
	items := make([]table.Item, 0, len(found))
	now := db.now().Unix()
	for _, r := range found {
		if !r.live(now) {
			continue
		}
		it, err := r.item()
		if err != nil {
			return nil, fmt.Errorf("get: %w: %w", table.ErrUnavailable, cause(err))
		}
		items = append(items, it)
	}
	return items, nil
}

// stored returns the records of the keys, in any order, from one snapshot of the database.
func (db *DB) stored(ctx context.Context, keys []table.Key) ([]record, error) {
	args := make([]any, 0, 2*len(keys))
	for _, k := range keys {
		args = append(args, k.PK, k.SK)
	}
	all := make([]record, 0, len(keys))
	err := db.reading(ctx, func(r *reader) error {
		rows, err := r.query(getting(len(keys)), args...)
		if err != nil {
			return err
		}
		all, err = collect(all, rows, scanRecord)
		return err
	})
	if err != nil || len(all) == len(keys) {
		return all, err
	}
	for _, k := range keys {
		if !slices.ContainsFunc(all, func(r record) bool { return r.key == k }) {
			all = append(all, record{key: k})
		}
	}
	return all, nil
}

// getting returns the query for a number of keys. The cross join looks each key up in the
// primary key; SQLite may not reorder it.
func getting(keys int) string {
	return "WITH wanted (pk, sk) AS (VALUES (?, ?)" + strings.Repeat(", (?, ?)", keys-1) + ") " +
		"SELECT rowid, " + columns + " FROM wanted CROSS JOIN items USING (pk, sk)"
}

func collect[T any](all []T, rows *sql.Rows, scan func(row) (T, error)) ([]T, error) {
	var err error
	for err == nil && rows.Next() {
		var one T
		if one, err = scan(rows); err == nil {
			all = append(all, one)
		}
	}
	return all, errors.Join(err, rows.Err(), rows.Close())
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
		page.Items, err = collect[table.Item](nil, rows, read)
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
		return "SELECT rowid, " + columns + " FROM items" +
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
