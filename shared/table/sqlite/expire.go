package sqlite

import (
	"context"
	"fmt"

	"realname/shared/table"
)

// mostExpired is the largest number of items that one transaction removes, so that
// writers do not wait long.
const mostExpired = 200

// Expire removes the items that have expired, as DynamoDB does some time after their
// expiry, and returns their number. Subscribers hear of each. It also removes the
// executions that ended long ago.
// Errors: table.ErrUnavailable.
func (db *DB) Expire(ctx context.Context) (removed int, err error) {
	for {
		n := 0
		if err := db.writer.begin(func(w *writer, j *job) (err error) {
			n, err = w.expire(j, db.now().Unix())
			return err
		}).wait(ctx); err != nil {
			return removed, fmt.Errorf("remove expired items: %w", err)
		}
		if removed += n; n < mostExpired {
			return removed, nil
		}
	}
}

func (w *writer) expire(j *job, now int64) (int, error) {
	due, err := w.stmt("SELECT rowid, pk, sk, version FROM items WHERE expires <= ? LIMIT ?")
	if err != nil {
		return 0, err
	}
	rows, err := due.QueryContext(context.Background(), now, mostExpired)
	if err != nil {
		return 0, err
	}
	items, err := collect(nil, rows, func(r row) (it record, err error) {
		return it, r.Scan(&it.row, &it.key.PK, &it.key.SK, &it.version)
	})
	if err != nil {
		return 0, err
	}
	for _, it := range items {
		if err := w.remove(it); err != nil {
			return 0, err
		}
		j.changes = append(j.changes, table.Change{Key: it.key, Old: it.version})
	}
	_, err = w.exec("DELETE FROM executions WHERE name IN (SELECT name FROM executions "+
		"WHERE NOT running AND saved < ? LIMIT ?)", now-int64(endedLife.Seconds()), mostExpired)
	return len(items), err
}
