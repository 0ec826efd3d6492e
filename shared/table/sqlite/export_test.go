package sqlite

import (
	"database/sql"
	"fmt"
	"testing"
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
