package sqlite

import (
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Errors of a database file. ErrFull and ErrReadOnly end when their causes do. Nothing
// that was answered is lost by any of them.
var (
	ErrFull     = errors.New("the disk is full: free some space")
	ErrReadOnly = errors.New("the file or its directory cannot be written: check mode, owner and mount")
	ErrDamaged  = errors.New("the file is damaged or no database: restore a backup")
	ErrDisk     = errors.New("the disk failed to read or write: check the disk and the system's log")
)

// primary is the mask of SQLite's primary result codes.
const primary = 0xff

// cause adds what to do to an error of SQLite.
func cause(err error) error {
	var s *sqlite.Error
	if !errors.As(err, &s) {
		return err
	}
	known := map[int]error{
		sqlite3.SQLITE_FULL: ErrFull, sqlite3.SQLITE_READONLY: ErrReadOnly, sqlite3.SQLITE_CANTOPEN: ErrReadOnly,
		sqlite3.SQLITE_PERM: ErrReadOnly, sqlite3.SQLITE_CORRUPT: ErrDamaged, sqlite3.SQLITE_NOTADB: ErrDamaged,
		sqlite3.SQLITE_IOERR: ErrDisk,
	}[s.Code()&primary]
	if s.Code() == sqlite3.SQLITE_IOERR_SHMSIZE { // no room for the index of the log, which a start makes
		known = ErrFull
	}
	if known == nil {
		return err
	}
	return fmt.Errorf("%w: %w", known, err)
}
