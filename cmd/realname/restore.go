package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"realname/local/state"
	"realname/shared/audit"
	"realname/shared/store"
	"realname/shared/table"
	"realname/shared/table/sqlite"
	"realname/shared/vault"
)

//nolint:lll // kong reads the help from the tags
type restore struct {
	machine
	output
	File string `arg:"" type:"existingfile" help:"A backup by realname backup."`
	Keys string `type:"existingfile" placeholder:"FILE" help:"Key file for a backup without one. Defaults to the key file of the state directory."`
}

// restored is the result of a restore.
type restored struct {
	state.Manifest
	Items    int    `json:"items"`
	Sealed   int    `json:"sealed"`             // values that were opened
	Trails   int    `json:"trails"`             // audit trails that were verified
	Replaced string `json:"replaced,omitempty"` // the directory of the former files
}

// Run checks the backup completely and then replaces the state of a stopped service.
// It keeps what it replaces.
func (c *restore) Run(ctx context.Context) (err error) {
	if err := state.OwnedBy(c.State, os.Geteuid()); err != nil {
		return err
	}
	staging, err := state.Staging(c.State)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(staging)) }()
	lock, err := sqlite.LockDir(c.State) // until the end: no service, backup or restore begins meanwhile
	if errors.Is(err, sqlite.ErrInUse) {
		return fmt.Errorf("stop the service first: %w", err)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	r, err := c.check(ctx, staging)
	if err != nil {
		return fmt.Errorf("%s: %w; nothing was replaced", c.File, err)
	}
	if r.Replaced, err = state.Replace(c.State, staging, r.Form, time.Now()); err != nil {
		return fmt.Errorf("replace the state: %w; the former files are in %s", err, r.Replaced)
	}
	return c.print(os.Stdout, r, func(w io.Writer) {
		say(w, "Restored the %s form as of %s: %d items, %d sealed values open, %d audit trails are whole.", r.Form,
			moment(r.At), r.Items, r.Sealed, r.Trails)
		if r.Replaced != "" {
			say(w, "The former files are in %s. Delete them when you no longer need them.", r.Replaced)
		}
	})
}

// check extracts the backup into a directory and reads all of it: schema, sealed
// values and audit trails.
func (c *restore) check(ctx context.Context, staging string) (r restored, err error) {
	f, err := os.Open(c.File)
	if err != nil {
		return r, err
	}
	defer func() { _ = f.Close() }() // only read
	if r.Manifest, err = state.ReadBackup(f, staging); err != nil {
		return r, err
	}
	if form := state.FormOf(c.State); form != "" && form != r.Form {
		return r, &state.FormError{Path: c.State, Recorded: string(form), Wanted: r.Form}
	}
	keys, err := c.keys(staging, r.Manifest)
	if err == nil {
		err = r.OpenedBy(keys)
	}
	if err != nil {
		return r, err
	}
	t, err := sqlite.Open(staging, time.Now)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, t.Close()) }()
	if err := t.Check(ctx); err != nil {
		return r, err
	}
	seal := vault.New(keys.Load, time.Now)
	err = t.Scan(ctx, table.Key{}, func(it table.Item) error {
		r.Items++
		for _, v := range store.SealedValues(it) {
			if _, err := seal.Open(v.Value, v.Item, v.Field); err != nil {
				return fmt.Errorf("a sealed value of an item %s does not open with these keys: %w", it.Key.SK, err)
			}
			r.Sealed++
		}
		return nil
	})
	if err != nil {
		return r, err
	}
	s := service{Table: t, Store: store.New(t), Sealer: seal, Now: time.Now}
	codes, err := s.codes(ctx, "")
	if err != nil {
		return r, err
	}
	r.Trails = len(codes)
	return r, s.Store.AuditTrails(ctx, codes, func(i int, entries []map[string]any, head audit.Head) error {
		if len(audit.Verify(entries, head)) > 0 {
			return fmt.Errorf("enterprise %s: %w", codes[i], errBroken)
		}
		return nil
	})
}

// keys returns the keys that open the backup. Keys given by --keys go into the
// directory, from where they are restored.
func (c *restore) keys(staging string, m state.Manifest) (*state.Keys, error) {
	inBackup := state.KeyFileOf(staging)
	file := inBackup
	switch {
	case c.Keys != "" && m.Keys:
		return nil, errors.New("--keys: the backup holds its own key file")
	case c.Keys != "":
		file = c.Keys
	case !m.Keys:
		file = state.KeyFileOf(c.State)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("the backup does not hold its key file: name it with --keys: %w", err)
	}
	if c.Keys != "" {
		if err := os.WriteFile(inBackup, content, 0o600); err != nil {
			return nil, err
		}
	}
	return state.ParseKeys(content)
}
