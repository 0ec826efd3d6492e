package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"realname/local/remote"
	"realname/local/server"
	"realname/local/state"
)

// machine selects the state directory of one machine. Commands embed it.
type machine struct {
	State string `env:"REALNAME_STATE" required:"" placeholder:"DIR" help:"State directory of realname serve."`
}

// form returns the form of the state directory. A directory that is none, such as one with
// a spelling mistake, is not made.
func (m machine) form() (state.Form, error) {
	form := state.FormOf(m.State)
	if form == "" {
		return "", fmt.Errorf("%s: is no state directory: the file that names its form is missing", m.State)
	}
	return form, nil
}

//nolint:lll // kong reads the help from the tags
type backup struct {
	machine
	output
	File     string `arg:"" help:"File to write. It must not exist."`
	WithKeys bool   `help:"Also write the key file into the backup. Keep such a backup as safe as the keys themselves."`
}

// written describes a backup.
type written struct {
	File string `json:"file"`
	state.Manifest
}

// Run writes a consistent backup, also while the service runs. The file has its name
// only once it is whole and on the disk.
func (c *backup) Run(ctx context.Context) (err error) {
	if _, err := os.Lstat(c.File); err == nil {
		return fmt.Errorf("%s exists: name another file", c.File)
	}
	f, err := os.CreateTemp(filepath.Dir(c.File), "."+filepath.Base(c.File)+"-") // mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name()) // the first error is the cause
		}
	}()
	if err := c.write(ctx, f); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	m, err := inspect(f.Name())
	if err != nil {
		return err
	}
	if err := os.Rename(f.Name(), c.File); err != nil {
		return err
	}
	return c.print(os.Stdout, written{c.File, m}, func(w io.Writer) {
		say(w, "Wrote %s, a backup of the %s form.", c.File, m.Form)
		if m.Keys {
			say(w, "It holds the key file: anyone who has it can read everything.")
			return
		}
		say(w, "It does not hold the key file %s, without which nothing in it opens: keep a copy of that in another place.",
			state.KeyFileOf(c.State))
	})
}

// write lets the running service write the backup. If none runs, it opens the
// directory itself.
func (c *backup) write(ctx context.Context, w io.Writer) error {
	err := remote.At(state.SocketOf(c.State)).Backup(ctx, w, c.WithKeys)
	if !errors.Is(err, remote.ErrNotRunning) {
		return err
	}
	form, err := c.form()
	if err != nil {
		return err
	}
	k, err := (&serve{State: stateDir(c.State), AcceptClock: true}).open(form)
	if err != nil {
		return err
	}
	return errors.Join(server.Backup(ctx, w, k.dir, k.keys, k.table, time.Now(), c.WithKeys), k.close())
}

// inspect checks that a backup is whole.
func inspect(file string) (state.Manifest, error) {
	f, err := os.Open(file)
	if err != nil {
		return state.Manifest{}, err
	}
	defer func() { _ = f.Close() }() // only read
	return state.ReadBackup(f, "")
}
