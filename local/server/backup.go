package server

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"realname/local/state"
	"realname/shared/table/sqlite"
	"realname/shared/telemetry/build"
)

// backups makes one backup at a time.
type backups struct {
	mu    sync.Mutex
	table *sqlite.DB
	opts  Options
	now   func() time.Time
}

// serve is POST /control/backup?keys=true: a backup of the running service.
func (b *backups) serve(w http.ResponseWriter, r *http.Request) {
	if !b.mu.TryLock() {
		http.Error(w, "another backup is under way", http.StatusConflict)
		return
	}
	defer b.mu.Unlock()
	sent := &counting{w: w}
	err := Backup(r.Context(), sent, b.opts.State, b.opts.Keys, b.table, b.now(), r.URL.Query().Get("keys") == "true")
	switch {
	case err == nil:
		b.opts.Log.LogAttrs(r.Context(), slog.LevelInfo, "backup written", slog.Int64("bytes", sent.n))
	case sent.n == 0:
		http.Error(w, err.Error(), http.StatusInternalServerError)
	default:
		b.opts.Log.LogAttrs(r.Context(), slog.LevelError, "backup cut off", slog.String("error", err.Error()))
		panic(http.ErrAbortHandler) // so that the reader sees that it is not whole
	}
}

type counting struct {
	w io.Writer
	n int64
}

func (c *counting) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

// Backup writes a consistent backup of a state directory while it is in use.
func Backup(
	ctx context.Context, w io.Writer, dir *state.Dir, used *state.Keys, t *sqlite.DB, now time.Time, keys bool,
) (err error) {
	staging, err := state.Staging(dir.Path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(staging)) }()
	file := filepath.Join(staging, state.DatabaseFile)
	m := state.Manifest{Form: dir.Form, At: now, Program: build.Version()}
	if err := t.Backup(ctx, file); err != nil {
		return err
	}
	if m.Needs, err = used.Digests(); err != nil {
		return err
	}
	var content []byte
	if keys {
		if content, err = used.File(); err != nil { // the file may have been damaged since the start
			return err
		}
	}
	return state.WriteBackup(w, m, file, content)
}
