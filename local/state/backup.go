package state

import (
	"archive/tar"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

// manifestFile is the first entry of a backup.
const manifestFile = "backup.json"

// backupVersion is the version of the format: a tar archive of the manifest, the table
// and, if the manifest says so, the key file.
const backupVersion = 1

// Manifest describes a backup.
type Manifest struct {
	Version int       `json:"version"`
	Form    Form      `json:"form"`
	At      time.Time `json:"at"`
	Program string    `json:"program"` // the version of realname that wrote it
	Keys    bool      `json:"keys"`    // whether it holds the key file
	KeyFile string    `json:"keyFile"` // SHA-256 of the key file, in hex; "" without one
	Table   string    `json:"table"`   // SHA-256 of the table, in hex
	Needs   []string  `json:"needs"`   // digests of the vault's keys at that moment
}

// OpenedBy returns an error if a key file lacks a key of the backup. Sealed values that
// open do not prove it: a key that only makes indexes opens nothing.
// Errors: ErrKeys.
func (m Manifest) OpenedBy(k *Keys) error {
	have, err := k.Digests()
	if err != nil {
		return err
	}
	for _, need := range m.Needs {
		if !slices.Contains(have, need) {
			return ErrKeys
		}
	}
	return nil
}

// ErrKeys means that a key file does not fit a backup.
var ErrKeys = errors.New("the key file lacks a key that the service used at the time of the backup: it is damaged, " +
	"older, or of another machine")

// WriteBackup writes a backup of a copy of the table. keys is the content of the key
// file, read after the copy was made, or nil: keys are only added, so later keys open
// an earlier table.
func WriteBackup(w io.Writer, m Manifest, table string, keys []byte) error {
	f, err := os.Open(table)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // only read
	sum := sha256.New()
	size, err := io.Copy(sum, f)
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return err
	}
	m.Version, m.Table, m.Keys = backupVersion, hex.EncodeToString(sum.Sum(nil)), keys != nil
	if m.Keys {
		m.KeyFile = digest(keys)
	}
	manifest, err := json.Marshal(m)
	if err != nil {
		return err
	}
	archive := tar.NewWriter(w)
	entry := func(name string, size int64) error {
		return archive.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: size, ModTime: m.At, Format: tar.FormatPAX})
	}
	if err := entry(manifestFile, int64(len(manifest))); err != nil {
		return err
	}
	if _, err := archive.Write(manifest); err != nil {
		return err
	}
	if keys != nil {
		if err := entry(keyFile, int64(len(keys))); err != nil {
			return err
		}
		if _, err := archive.Write(keys); err != nil {
			return err
		}
	}
	if err := entry(DatabaseFile, size); err != nil {
		return err
	}
	if _, err := io.Copy(archive, f); err != nil {
		return err
	}
	return archive.Close()
}

// ErrBackup means that a file is not a whole backup.
var ErrBackup = errors.New("not a whole backup")

// ReadBackup checks a backup and extracts it into an existing directory, or only checks
// it if the directory is "".
// Errors: ErrBackup.
func ReadBackup(r io.Reader, dir string) (Manifest, error) {
	var m Manifest
	archive := tar.NewReader(r)
	first, err := archive.Next()
	if err != nil || first.Name != manifestFile {
		return m, fmt.Errorf("%w: it has no manifest", ErrBackup)
	}
	if err := json.NewDecoder(archive).Decode(&m); err != nil {
		return m, fmt.Errorf("%w: read its manifest: %w", ErrBackup, err)
	}
	if m.Version != backupVersion {
		return m, fmt.Errorf("%w: this version of realname reads backups of version %d, not %d", ErrBackup, backupVersion,
			m.Version)
	}
	if m.Form != Demonstration && m.Form != Production {
		return m, fmt.Errorf("%w: there is no form %q", ErrBackup, m.Form)
	}
	for _, e := range []struct{ name, sum, called string }{
		{keyFile, m.KeyFile, "key file"}, {DatabaseFile, m.Table, "table"},
	} {
		if e.name == keyFile && !m.Keys {
			continue
		}
		h, err := archive.Next()
		if err != nil || h.Name != e.name {
			return m, fmt.Errorf("%w: want the entry %s", ErrBackup, e.name)
		}
		sum := sha256.New()
		if err := extract(io.TeeReader(archive, sum), dir, e.name); err != nil {
			return m, err
		}
		if hex.EncodeToString(sum.Sum(nil)) != e.sum {
			return m, fmt.Errorf("%w: its %s is damaged", ErrBackup, e.called)
		}
	}
	return m, nil
}

func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

func extract(r io.Reader, dir, name string) error {
	if dir == "" {
		return whole(io.Copy(io.Discard, r))
	}
	f, err := os.OpenFile(filepath.Join(dir, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err := whole(io.Copy(f, r)); err != nil {
		_ = f.Close() // the first error is the cause
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// whole names the error of an archive that ends early.
func whole(_ int64, err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: it is cut off", ErrBackup)
	}
	return err
}

// OwnedBy returns an error if the state directory exists and belongs to another user than
// the given one, who could not read what a restore writes into it.
func OwnedBy(path string, uid int) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("state directory: %w", err)
	}
	if s, ok := info.Sys().(*syscall.Stat_t); ok && int(s.Uid) != uid {
		return fmt.Errorf("%s: belongs to user %d, who could not read the restored files: run the command as that user, "+
			"such as sudo -u realname", path, s.Uid)
	}
	return nil
}

// stagingPrefix begins the name of a staging directory.
const stagingPrefix = ".staging-"

// Staging makes an empty directory inside the state directory, in which a restore
// checks a backup before it replaces anything.
func Staging(path string) (string, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return "", err
	}
	return os.MkdirTemp(path, stagingPrefix)
}

// The directory of what a restore replaced is named by its time.
const (
	replacedPrefix = "replaced-"
	replacedFormat = replacedPrefix + "20060102T150405Z"
)

// Replace puts the checked files of a staging directory in place of the current ones.
// The current ones move into a directory, whose name it returns; "" if there were
// none. Nothing else may have the state directory open. If Replace is interrupted, no
// form opens the directory until a restore is whole.
func Replace(path, staging string, form Form, now time.Time) (replaced string, err error) {
	if !exists(filepath.Join(staging, DatabaseFile)) {
		return "", fmt.Errorf("%w: the checked copy is gone", ErrBackup)
	}
	former, err := os.ReadFile(filepath.Join(path, formFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	if err := replaceFile(filepath.Join(path, formFile), []byte(string(form)+restoring+"\n")); err != nil {
		return "", err
	}
	replaced, err = setAside(path, staging, now)
	if err == nil && replaced != "" && former != nil {
		err = replaceFile(filepath.Join(replaced, formFile), former)
	}
	for _, name := range []string{keyFile, DatabaseFile} {
		if from := filepath.Join(staging, name); err == nil && exists(from) {
			err = os.Rename(from, filepath.Join(path, name))
		}
	}
	if err != nil {
		return replaced, err
	}
	return replaced, replaceFile(filepath.Join(path, formFile), []byte(string(form)+"\n"))
}

// setAside moves the files that a restore replaces. Without a key file in the staging
// directory, the current one stays.
func setAside(path, staging string, now time.Time) (dir string, err error) {
	names := []string{DatabaseFile, DatabaseFile + "-wal", DatabaseFile + "-shm"}
	if exists(filepath.Join(staging, keyFile)) {
		names = append(names, keyFile, knownFile)
	}
	for _, name := range names {
		if !exists(filepath.Join(path, name)) {
			continue
		}
		if dir == "" {
			if dir, err = unused(filepath.Join(path, now.UTC().Format(replacedFormat))); err != nil {
				return "", err
			}
		}
		if err := os.Rename(filepath.Join(path, name), filepath.Join(dir, name)); err != nil {
			return dir, err
		}
	}
	return dir, nil
}

// unused makes a directory of this name, or with a number after it if another restore of
// the same second has it.
func unused(name string) (dir string, err error) {
	dir = name
	for n := 2; ; n++ {
		if err := os.Mkdir(dir, 0o700); !errors.Is(err, fs.ErrExist) {
			return dir, err
		}
		dir = fmt.Sprintf("%s-%d", name, n)
	}
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// FormOf returns the recorded form of a directory, or "" if it has none.
func FormOf(path string) Form {
	text, err := os.ReadFile(filepath.Join(path, formFile))
	if err != nil {
		return ""
	}
	return Form(firstWord(string(text)))
}
