package state

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"realname/shared/auth"
	"realname/shared/vault"
)

// document is the content of the key file.
type document struct {
	Vault  json.RawMessage        `json:"vault"`
	Tokens map[auth.Kind][][]byte `json:"tokens"` // PKCS #8
}

// Keys reads the key file. The first start of the directory creates it. A directory
// with a table needs its own keys, and all that it ever used: Keys never creates others.
// Errors: *ModeError, *LostError, *OtherKeysError.
func (d *Dir) Keys() (k *Keys, created bool, err error) {
	info, err := os.Stat(d.KeyFile())
	switch {
	case errors.Is(err, fs.ErrNotExist) && d.hasDatabase():
		return nil, false, &LostError{Path: d.KeyFile()}
	case errors.Is(err, fs.ErrNotExist):
		if k, err = NewKeys(); err != nil {
			return nil, false, err
		}
		k.path = d.KeyFile()
		return k, true, k.save(k.vault, k.raw)
	case err != nil:
		return nil, false, fmt.Errorf("key file: %w", err)
	case info.Mode().Perm()&0o077 != 0:
		return nil, false, &ModeError{Path: d.KeyFile(), Mode: info.Mode().Perm()}
	}
	content, err := os.ReadFile(d.KeyFile())
	if err != nil {
		return nil, false, fmt.Errorf("key file: %w", err)
	}
	k, err = ParseKeys(content)
	if err != nil {
		return nil, false, fmt.Errorf("%s: %w", d.KeyFile(), err)
	}
	k.path = d.KeyFile()
	if err := d.know(k); err != nil {
		return nil, false, err
	}
	return k, false, k.note(k.vault)
}

// know returns an error if the key file lacks a key that the directory used before: it
// is an older copy, or of another machine. What the service stores with such keys does
// not fit what is there.
func (d *Dir) know(k *Keys) error {
	known, err := os.ReadFile(d.file(knownFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("key file: %w", err)
	}
	have, err := k.Digests()
	if err != nil {
		return err
	}
	for _, digest := range strings.Fields(string(known)) {
		if !slices.Contains(have, digest) {
			return &OtherKeysError{Path: d.KeyFile(), Known: d.file(knownFile)}
		}
	}
	return nil
}

// ParseKeys reads the content of a key file. Its errors hold nothing of the keys.
func ParseKeys(content []byte) (*Keys, error) {
	var doc document
	damaged := json.Unmarshal(content, &doc) != nil
	for _, kind := range kinds() {
		damaged = damaged || len(doc.Tokens[kind]) != tokenKeys
	}
	if damaged {
		return nil, errors.New("the key file is damaged: restore it from a backup")
	}
	k := &Keys{vault: doc.Vault, raw: doc.Tokens, tokens: map[auth.Kind][]*auth.LocalSigner{}}
	if _, err := vault.Read(k.vault); err != nil {
		return nil, err
	}
	for _, kind := range kinds() {
		for _, raw := range doc.Tokens[kind] {
			signer, err := readToken(raw)
			if err != nil {
				return nil, err
			}
			k.tokens[kind] = append(k.tokens[kind], signer)
		}
	}
	return k, nil
}

// save stores the keys before they are used.
func (k *Keys) save(vaultKeys []byte, tokens map[auth.Kind][][]byte) error {
	if k.path == "" {
		return nil
	}
	content, err := encode(vaultKeys, tokens)
	if err != nil {
		return err
	}
	if err := replaceFile(k.path, content); err != nil {
		return fmt.Errorf("key file: %w", err)
	}
	return k.note(vaultKeys)
}

func encode(vaultKeys []byte, tokens map[auth.Kind][][]byte) ([]byte, error) {
	content, err := json.Marshal(document{vaultKeys, tokens})
	if err != nil {
		return nil, fmt.Errorf("key file: %w", err)
	}
	return append(content, '\n'), nil
}

// File returns the content of the key file as it should be.
func (k *Keys) File() ([]byte, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return encode(k.vault, k.raw)
}

// note records digests of the vault's keys beside the key file, from where the next
// start knows them.
func (k *Keys) note(vaultKeys []byte) error {
	digests, err := vault.Digests(vaultKeys)
	if err != nil {
		return err
	}
	file, text := filepath.Join(filepath.Dir(k.path), knownFile), []byte(strings.Join(digests, "\n")+"\n")
	if known, err := os.ReadFile(file); err == nil && bytes.Equal(known, text) {
		return nil
	}
	if err := replaceFile(file, text); err != nil {
		return fmt.Errorf("key file: %w", err)
	}
	return nil
}

// Stored returns an error if the next start would not find the key file, would refuse it
// or would have other keys.
func (k *Keys) Stored() error {
	if k.path == "" {
		return nil
	}
	info, err := os.Stat(k.path)
	if err != nil {
		return fmt.Errorf("key file: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return &ModeError{Path: k.path, Mode: info.Mode().Perm()}
	}
	k.mu.Lock() // a rotation replaces both
	want, err := encode(k.vault, k.raw)
	content, unread := os.ReadFile(k.path)
	k.mu.Unlock()
	if err = errors.Join(err, unread); err != nil {
		return fmt.Errorf("key file: %w", err)
	}
	if bytes.Equal(content, want) {
		return nil
	}
	stored, err := ParseKeys(content)
	if err != nil {
		return fmt.Errorf("%s: %w", k.path, err)
	}
	if content, err = stored.File(); err == nil && !bytes.Equal(content, want) { // its spaces may differ
		err = fmt.Errorf("%s: holds other keys than those in use", k.path)
	}
	return err
}

// ModeError means that others can read the key file.
type ModeError struct {
	Path string
	Mode fs.FileMode
}

// Error implements error.
func (e *ModeError) Error() string {
	return fmt.Sprintf("%s: want mode 0600, got %#o: others may have read the keys; run: chmod 600 '%s'",
		e.Path, e.Mode, e.Path)
}

// LostError means that the key file of a table is missing.
type LostError struct{ Path string }

// Error implements error.
func (e *LostError) Error() string {
	return e.Path + ": is missing, and only its keys open the table beside it: restore the file from a backup " +
		"(docs/one-machine.md, \"A lost key file\")"
}

// OtherKeysError means that a key file is not that of its directory.
type OtherKeysError struct{ Path, Known string }

// Error implements error.
func (e *OtherKeysError) Error() string {
	return fmt.Sprintf("%s: lacks a key that this directory used: it is an older copy, damaged, or of another machine: "+
		"put back the newest copy; if there is none, delete %s and start again: what the missing keys sealed stays lost",
		e.Path, e.Known)
}
