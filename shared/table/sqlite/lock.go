package sqlite

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// lockName is the name of the file that a process locks while it has a directory open.
// The file stays; the system releases its lock when the process ends in any way.
const lockName = "realname.lock"

// ErrInUse means that another process has the directory open.
var ErrInUse = errors.New("another process uses it")

// Lock is a directory that no other process can open. A process that reads or writes
// other files of the directory, too, takes the lock first.
type Lock struct {
	dir  string
	file *os.File
}

// LockDir locks an existing directory for this process.
// Errors: ErrInUse.
func LockDir(dir string) (*Lock, error) {
	dir, err := filepath.Abs(dir) // SQLite takes the first word of a relative path for a host
	if err != nil {
		return nil, fmt.Errorf("lock the directory: %w", err)
	}
	file, err := lock(dir)
	if err != nil {
		return nil, fmt.Errorf("open the data in %s: %w", dir, err)
	}
	return &Lock{dir, file}, nil
}

// Close unlocks the directory. A database that was opened with the lock does that itself.
func (l *Lock) Close() error { return l.file.Close() }

// lock locks the directory and leaves the process ID for the error of the next process.
func lock(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		holder, _ := io.ReadAll(io.LimitReader(f, 20)) // only for the message
		_ = f.Close()                                  // the first error is the cause
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("%w: process %s", ErrInUse, strings.TrimSpace(string(holder)))
		}
		return nil, fmt.Errorf("lock %s: %w", f.Name(), err)
	}
	err = f.Truncate(0)
	if err == nil {
		_, err = f.WriteAt([]byte(fmt.Sprintln(os.Getpid())), 0)
	}
	if err != nil {
		_ = f.Close() // the first error is the cause
		return nil, err
	}
	return f, nil
}
