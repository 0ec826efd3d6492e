package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"realname/shared/table"
)

// Backup writes a copy of the database into a new file, as it is at one moment, while
// reads and writes go on. The file has its name only once it is whole and on the disk.
// Errors: one for which errors.Is reports fs.ErrExist if the file exists.
func (db *DB) Backup(ctx context.Context, path string) error {
	if err := db.backup(ctx, path); err != nil {
		return fmt.Errorf("back up to %s: %w", path, cause(err))
	}
	return nil
}

func (db *DB) backup(ctx context.Context, path string) (err error) {
	if path, err = filepath.Abs(path); err != nil { // SQLite may take a relative path for a URI
		return err
	}
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		if err == nil {
			err = os.ErrExist
		}
		return err
	}
	part := path + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, os.ErrNotExist) { // of a backup that was cut off
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(part) // the first error is the cause
		}
	}()
	if err := private(part); err != nil {
		return err
	}
	file := filepath.Join(db.dir, fileName)
	pool, err := connect(file, 1)
	if err != nil {
		return err
	}
	defer func() { _ = pool.Close() }() // it has only read
	if _, err := pool.ExecContext(ctx, "VACUUM INTO ?", part); err != nil {
		return err
	}
	if err := synced(part); err != nil {
		return err
	}
	if err := os.Rename(part, path); err != nil {
		return err
	}
	return synced(filepath.Dir(path))
}

// synced waits until the file or directory is on the disk.
func synced(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Scan calls visit with every item after the key, including expired ones, in the order
// of keys and as they are at one moment. The zero key is before every item.
// Errors: that of visit, table.ErrUnavailable.
func (db *DB) Scan(ctx context.Context, after table.Key, visit func(table.Item) error) error {
	var stopped error
	err := db.reading(ctx, func(r *reader) error {
		rows, err := r.query("SELECT rowid, "+columns+" FROM items WHERE (pk, sk) > (?, ?) ORDER BY pk, sk",
			after.PK, after.SK)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }() // also if visit panics: the snapshot must end
		for err == nil && stopped == nil && rows.Next() {
			var it table.Item
			if it, err = scan(rows); err == nil {
				stopped = errors.Join(ctx.Err(), visit(it))
			}
		}
		return errors.Join(err, rows.Err(), rows.Close())
	})
	if err = errors.Join(stopped, err); err != nil {
		return fmt.Errorf("scan: %w", err)
	}
	return nil
}

// Check reads the whole file and looks for damage.
// Errors: ErrDamaged.
func (db *DB) Check(ctx context.Context) error {
	return db.reading(ctx, func(r *reader) error {
		rows, err := r.query("PRAGMA integrity_check")
		if err != nil {
			return err
		}
		var found []string
		for err == nil && rows.Next() {
			var line string
			if err = rows.Scan(&line); err == nil && line != "ok" {
				found = append(found, line)
			}
		}
		if err = errors.Join(err, rows.Err(), rows.Close()); err == nil && found != nil {
			err = fmt.Errorf("%w: %s", ErrDamaged, found[0])
		}
		return err
	})
}
