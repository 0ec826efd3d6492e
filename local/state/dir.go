// Package state is the state directory of one machine: the form that it belongs to,
// the key file, and the names of its files. The table is in package
// shared/table/sqlite.
package state

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Form is what a directory belongs to. A directory keeps its form for good: the
// demonstration publishes its keys and its data through sandbox routes.
type Form string

// The forms.
const (
	Demonstration Form = "demonstration"
	Production    Form = "production"
)

// Names of the files in a state directory.
const (
	formFile   = "form"
	keyFile    = "keys.json"
	knownFile  = "keys.known"
	socketFile = "control.sock"
	cardsDir   = "cards"
	movingFile = "moving"
	movedFile  = "moved"
	movedItems = "moving.items"
	journal    = "sandbox.jsonl"
	// DatabaseFile is the table. Its write-ahead log has the same name and a suffix.
	DatabaseFile = "realname.db"
)

// loading marks a demonstration whose accounts are not all stored yet.
const loading = " loading"

// restoring marks a directory in which a restore was interrupted.
const restoring = " restoring"

// clockSlack is how far the clock may lie behind the last write.
const clockSlack = 5 * time.Minute

// Dir is an open state directory.
type Dir struct {
	Path    string
	Form    Form
	loading bool
}

// Open opens the directory in a form, and creates it if it does not exist. It changes
// nothing in a directory that it refuses.
// Errors: *FormError, *ClockError.
func Open(path string, form Form, now time.Time) (*Dir, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("state directory: %w", err)
	}
	d := &Dir{Path: path, Form: form}
	if info, err := os.Stat(path); err == nil && form == Production && replaceable(info.Mode()) {
		return nil, fmt.Errorf("%s: every user of this machine can replace its files, such as the keys: run: chmod 700 '%s'",
			path, path)
	}
	switch stage, err := os.ReadFile(d.file(movedFile)); {
	case err == nil:
		return nil, fmt.Errorf("%s: was moved to %s; two services must not serve the same enterprises; if that stage is "+
			"given up, delete the file %q and start again", path, strings.TrimSpace(string(stage)), d.file(movedFile))
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("state directory: %w", err)
	}
	recorded, err := os.ReadFile(d.file(formFile))
	switch {
	case err == nil:
		word := firstWord(string(recorded))
		if Form(word) != form {
			return nil, &FormError{Path: path, Recorded: word, Wanted: form}
		}
		if strings.Contains(string(recorded), restoring) {
			return nil, fmt.Errorf("%s: a restore was interrupted: run realname restore again", path)
		}
		d.loading = strings.Contains(string(recorded), loading)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("state directory: %w", err)
	case d.hasDatabase():
		return nil, &FormError{Path: path, Wanted: form}
	default:
		if err := d.create(); err != nil {
			return nil, err
		}
	}
	return d, d.checkClock(now)
}

// replaceable reports whether every user may remove and replace the files of a
// directory. In a directory with the sticky bit, such as /tmp, only their owner may.
func replaceable(mode fs.FileMode) bool { return mode&0o002 != 0 && mode&fs.ModeSticky == 0 }

func firstWord(text string) string {
	words := strings.Fields(text)
	if len(words) == 0 {
		return ""
	}
	return words[0]
}

// create makes the directory and records its form.
func (d *Dir) create() error {
	if err := os.MkdirAll(d.Path, 0o700); err != nil {
		return fmt.Errorf("state directory: %w", err)
	}
	text := string(d.Form)
	if d.Form == Demonstration {
		d.loading = true
		text += loading
	}
	return d.write(formFile, []byte(text+"\n"))
}

// Loading reports whether a demonstration still has to store its accounts. What is
// already stored then is left over from a start that was interrupted.
func (d *Dir) Loading() bool { return d.loading }

// Loaded records that all accounts are stored.
func (d *Dir) Loaded() error {
	d.loading = false
	return d.write(formFile, []byte(string(d.Form)+"\n"))
}

// MoveID returns the ID of the move to a stage that an earlier call began, or a new one.
func (d *Dir) MoveID(newID func() string) (string, error) {
	former, err := os.ReadFile(d.file(movingFile))
	if err == nil {
		return strings.TrimSpace(string(former)), nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("state directory: %w", err)
	}
	id := newID()
	return id, d.write(movingFile, []byte(id+"\n"))
}

// MoveJournal returns the path of the journal of a move.
func (d *Dir) MoveJournal() string { return d.file(movedItems) }

// Moved records that the directory was moved, so that it is not served any more.
func (d *Dir) Moved(stage string) error { return d.write(movedFile, []byte(stage+"\n")) }

// Sweep removes what a backup or restore left that was killed. Call it when no other
// process has the directory open.
func (d *Dir) Sweep() error {
	return d.remove(stagingPrefix + "*")
}

// remove removes what the patterns name, in their order.
func (d *Dir) remove(patterns ...string) error {
	files, err := os.ReadDir(d.Path) // filepath.Glob would read the directory's name as a pattern, too
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("state directory: %w", err)
	}
	for _, pattern := range patterns {
		for _, f := range files {
			named, err := filepath.Match(pattern, f.Name())
			if err == nil && named {
				err = os.RemoveAll(d.file(f.Name()))
			}
			if err != nil {
				return fmt.Errorf("state directory: %w", err)
			}
		}
	}
	return nil
}

// Clear removes everything from the directory of a demonstration, whatever its condition.
// Call it when no other process has the directory open.
// Errors: *FormError.
func Clear(path string) error {
	d := &Dir{Path: path}
	if form := FormOf(path); form != Demonstration && (form != "" || d.hasDatabase()) {
		return &FormError{Path: path, Recorded: string(form), Wanted: Demonstration}
	}
	return d.remove(DatabaseFile+"*", keyFile, knownFile, socketFile, cardsDir, movingFile, movedFile, movedItems,
		journal, stagingPrefix+"*", replacedPrefix+"*", formFile) // the form last: a clear that was cut off goes on
}

// Socket returns the address of the control socket, through which commands reach the
// running instance.
func (d *Dir) Socket() string { return SocketOf(d.Path) }

// SocketOf returns the address of the control socket of a directory.
func SocketOf(path string) string { return filepath.Join(path, socketFile) }

// KeyFile returns the path of the key file.
func (d *Dir) KeyFile() string { return KeyFileOf(d.Path) }

// KeyFileOf returns the path of the key file of a state directory.
func KeyFileOf(path string) string { return filepath.Join(path, keyFile) }

// Cards returns the directory of a demonstration's E-Port cards.
func (d *Dir) Cards() string { return d.file(cardsDir) }

// Journal returns the path of a demonstration's journal: what its sandbox sent and
// received.
func (d *Dir) Journal() string { return d.file(journal) }

// Database returns the path of the table.
func (d *Dir) Database() string { return d.file(DatabaseFile) }

func (d *Dir) file(name string) string { return filepath.Join(d.Path, name) }

func (d *Dir) hasDatabase() bool {
	_, err := os.Stat(d.Database())
	return !errors.Is(err, fs.ErrNotExist)
}

// write replaces a file in one step, which survives a crash of the machine.
func (d *Dir) write(name string, content []byte) error {
	if err := replaceFile(d.file(name), content); err != nil {
		return fmt.Errorf("state directory: %w", err)
	}
	return nil
}

func replaceFile(path string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-") // mode 0600
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err == nil {
		err = ownAs(f, filepath.Dir(path))
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name()) // the error that matters is err
		return err
	}
	return syncDir(filepath.Dir(path))
}

// ownAs gives a file of root to the owner of the directory: a command of root must not
// leave what the service cannot read.
func ownAs(f *os.File, dir string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return f.Chown(int(s.Uid), int(s.Gid))
	}
	return nil
}

// syncDir makes the names of a directory survive a crash of the machine.
func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// checkClock compares the clock with the last write to the table.
func (d *Dir) checkClock(now time.Time) error {
	for _, name := range []string{DatabaseFile, DatabaseFile + "-wal"} {
		info, err := os.Stat(d.file(name))
		if err == nil && info.ModTime().After(now.Add(clockSlack)) {
			return &ClockError{Now: now, Written: info.ModTime()}
		}
	}
	return nil
}

// AcceptClock makes now the time of the last write, so that later starts compare with it.
func (d *Dir) AcceptClock(now time.Time) error {
	for _, name := range []string{DatabaseFile, DatabaseFile + "-wal"} {
		if err := os.Chtimes(d.file(name), now, now); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("state directory: %w", err)
		}
	}
	return nil
}

// FormError means that a directory belongs to the other form, or that it holds a
// table but no record of its form.
type FormError struct {
	Path     string
	Recorded string // "" if nothing is recorded
	Wanted   Form
}

// Error implements error.
func (e *FormError) Error() string {
	if e.Recorded == "" {
		return fmt.Sprintf("%s: holds a table, but the file %q that names its form is missing: restore the directory "+
			"from a backup", e.Path, formFile)
	}
	return fmt.Sprintf("%s: belongs to the form %q and cannot be opened as %q: name another directory with --state, "+
		"or start the other form: the demonstration has --data or --demo, the production form neither",
		e.Path, e.Recorded, e.Wanted)
}

// ClockError means that the clock lies behind the last write to the table. Open
// returns it together with the directory.
type ClockError struct{ Now, Written time.Time }

// Error implements error.
func (e *ClockError) Error() string {
	return fmt.Sprintf("the clock is at %s, but the table was last written at %s: set the clock; if that write had the "+
		"wrong time, start once with --accept-clock", e.Now.UTC().Format(time.RFC3339), e.Written.UTC().Format(time.RFC3339))
}
