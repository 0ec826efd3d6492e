package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"realname/local/server"
	"realname/local/state"
	"realname/shared/table/sqlite"
)

// kept is what a service keeps in its state directory: nothing, if the service has
// none.
type kept struct {
	dir     *state.Dir
	keys    *state.Keys
	created bool // the key file is new
	table   *sqlite.DB
}

// open opens the state directory, its keys and its table, in this order: a directory
// of the other form, or one whose keys are missing, is left as it is.
func (c *serve) open(form state.Form) (k kept, err error) {
	if c.State == "" {
		return kept{}, nil
	}
	if err := c.clear(); err != nil {
		return kept{}, err
	}
	if _, err = c.openDir(form); err != nil {
		return kept{}, err
	}
	lock, err := sqlite.LockDir(string(c.State))
	if err != nil {
		return kept{}, err
	}
	if k, err = c.openLocked(form); err != nil {
		return kept{}, errors.Join(err, lock.Close())
	}
	if k.table, err = lock.Open(time.Now); err != nil {
		return k, err
	}
	return k, k.dir.Sweep()
}

// clear empties the directory of a demonstration that begins again. One that is in use
// stays as it is.
func (c *serve) clear() error {
	if !c.Fresh {
		return nil
	}
	if _, err := os.Stat(string(c.State)); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	lock, err := sqlite.LockDir(string(c.State))
	if err != nil {
		return err
	}
	return errors.Join(state.Clear(string(c.State)), lock.Close())
}

func (c *serve) openDir(form state.Form) (*state.Dir, error) {
	d, err := state.Open(string(c.State), form, time.Now())
	var behind *state.ClockError
	if errors.As(err, &behind) && c.AcceptClock {
		err = nil
	}
	return d, err
}

// openLocked opens the directory and its keys. Before the lock, another process may have
// made or restored them.
func (c *serve) openLocked(form state.Form) (k kept, err error) {
	if k.dir, err = c.openDir(form); err != nil {
		return k, err
	}
	k.keys, k.created, err = k.dir.Keys()
	return k, err
}

// start opens the state directory to serve it. An accepted clock is accepted for good:
// the next start is not asked again.
func (c *serve) start(form state.Form) (kept, error) {
	k, err := c.open(form)
	if err == nil && k.dir != nil && c.AcceptClock {
		err = k.dir.AcceptClock(time.Now())
	}
	return k, err
}

// into makes the service use what is kept.
func (k kept) into(o *server.Options) {
	if k.dir != nil {
		o.Table, o.Keys, o.State = k.table, k.keys, k.dir
	}
}

// control serves the control socket until the context ends. Only the owner of the
// directory can open it.
func (k kept) control(ctx context.Context, s *server.Server, log *slog.Logger) error {
	if k.dir == nil {
		return nil
	}
	at := k.dir.Socket()
	if err := os.Remove(at); err != nil && !errors.Is(err, os.ErrNotExist) { // left by a process that was killed
		return fmt.Errorf("control socket: %w", err)
	}
	l, err := net.Listen("unix", at)
	if err != nil {
		return fmt.Errorf("control socket: %w (the path of a socket has at most 107 bytes)", err)
	}
	if err := os.Chmod(at, 0o600); err != nil {
		return errors.Join(fmt.Errorf("control socket: %w", err), l.Close())
	}
	h := &http.Server{
		Handler: s.Control(), ReadHeaderTimeout: 10 * time.Second,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	go func() {
		if err := h.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			log.ErrorContext(ctx, "the control socket ended", "error", err.Error())
		}
	}()
	go func() {
		<-ctx.Done()
		_ = h.Close() // a command under way repeats at the next start
	}()
	return nil
}

func (k kept) close() error {
	if k.table == nil {
		return nil
	}
	return k.table.Close()
}
