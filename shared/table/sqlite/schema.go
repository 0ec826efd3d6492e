package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// applicationID marks a database of this program, in the file's header.
const applicationID = 0x524e414d // "RNAM"

// ErrNewer means that a newer program wrote the database.
var ErrNewer = errors.New("a newer version of realname wrote it: use that version")

// migrations lead from each version of the schema to the next, from an empty file on.
// A released one never changes.
var migrations = []string{
	// The indexes hold only the items that are in them. Text compares byte by byte.
	`CREATE TABLE items (
		pk TEXT NOT NULL, sk TEXT NOT NULL, version INTEGER NOT NULL,
		gsi1pk TEXT, gsi1sk TEXT, gsi2pk TEXT, gsi2sk TEXT,
		expires INTEGER, body TEXT NOT NULL,
		PRIMARY KEY (pk, sk)
	) STRICT;
	CREATE INDEX gsi1 ON items (gsi1pk, gsi1sk, pk, sk) WHERE gsi1pk IS NOT NULL;
	CREATE INDEX gsi2 ON items (gsi2pk, gsi2sk, pk, sk) WHERE gsi2pk IS NOT NULL;
	CREATE INDEX expiry ON items (expires) WHERE expires IS NOT NULL;`,
	// A workflow engine's executions: the running ones, and the ended ones by their end.
	`CREATE TABLE executions (
		name TEXT NOT NULL PRIMARY KEY, running INTEGER NOT NULL, saved INTEGER NOT NULL, record TEXT NOT NULL
	) STRICT;
	CREATE INDEX running ON executions (name) WHERE running;
	CREATE INDEX ended ON executions (saved) WHERE NOT running;`,
	// The same tables. Items have forms that programs of the former version cannot read.
	`SELECT 1`,
}

// migrate brings the database to the last version, one transaction for each step.
// Errors: ErrNewer, ErrDamaged for a file of another program.
func migrate(ctx context.Context, db *sql.DB, steps []string) error {
	var version, application, tables int
	for query, into := range map[string]*int{
		"PRAGMA user_version": &version, "PRAGMA application_id": &application, "SELECT count(*) FROM sqlite_schema": &tables,
	} {
		if err := db.QueryRowContext(ctx, query).Scan(into); err != nil {
			return cause(err)
		}
	}
	switch {
	case application != applicationID && (application != 0 || tables != 0):
		return fmt.Errorf("%w: another program wrote it", ErrDamaged)
	case version > len(steps):
		return fmt.Errorf("%w: its schema is %d, this version knows %d", ErrNewer, version, len(steps))
	}
	if _, err := db.ExecContext(ctx, "PRAGMA journal_mode = WAL"); err != nil {
		return cause(err)
	}
	for ; version < len(steps); version++ {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return cause(err)
		}
		_, err = tx.ExecContext(ctx, fmt.Sprintf("%s; PRAGMA application_id = %d; PRAGMA user_version = %d",
			steps[version], applicationID, version+1))
		if err == nil {
			err = tx.Commit()
		}
		if err != nil {
			_ = tx.Rollback() // the first error is the cause
			return fmt.Errorf("migrate the schema from version %d: %w", version, cause(err))
		}
	}
	return nil
}
