package state

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"realname/shared/auth"
	"realname/shared/vault"
)

// tokenKeys is the number of token keys of a kind, as on a stage: all verify, one signs.
const tokenKeys = 2

// kinds are the kinds of tokens, each with its own keys.
func kinds() []auth.Kind { return []auth.Kind{auth.Person, auth.Machine} }

// Keys are the keys of one machine: the vault's keysets, and the keys of tokens. On
// AWS they are in Secrets Manager and KMS. Without a file they end with the process.
type Keys struct {
	path string // "" for keys in memory

	mu      sync.Mutex
	vault   []byte
	tokens  map[auth.Kind][]*auth.LocalSigner
	raw     map[auth.Kind][][]byte // the token keys in PKCS #8
	renewed []func()
}

// document is the content of the key file.
type document struct {
	Vault  json.RawMessage        `json:"vault"`
	Tokens map[auth.Kind][][]byte `json:"tokens"` // PKCS #8
}

// NewKeys generates keys that end with the process.
func NewKeys() (*Keys, error) {
	k := &Keys{tokens: map[auth.Kind][]*auth.LocalSigner{}, raw: map[auth.Kind][][]byte{}}
	var err error
	if k.vault, err = vault.Generate(); err != nil {
		return nil, err
	}
	for _, kind := range kinds() {
		for range tokenKeys {
			raw, signer, err := newToken()
			if err != nil {
				return nil, err
			}
			k.raw[kind], k.tokens[kind] = append(k.raw[kind], raw), append(k.tokens[kind], signer)
		}
	}
	return k, nil
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

func readToken(raw []byte) (*auth.LocalSigner, error) {
	parsed, err := x509.ParsePKCS8PrivateKey(raw)
	key, ok := parsed.(*ecdsa.PrivateKey)
	if err != nil || !ok {
		return nil, errors.New("a token key of the key file is damaged: restore the file from a backup")
	}
	return auth.NewLocalSigner(key)
}

func newToken() ([]byte, *auth.LocalSigner, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, fmt.Errorf("make a token key: %w", err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, nil, fmt.Errorf("make a token key: %w", err)
	}
	signer, err := auth.NewLocalSigner(key)
	return raw, signer, err
}

// save stores the keys before they are used.
func (k *Keys) save(vaultKeys []byte, tokens map[auth.Kind][][]byte) error {
	if k.path == "" {
		return nil
	}
	content, err := json.Marshal(document{vaultKeys, tokens})
	if err != nil {
		return fmt.Errorf("key file: %w", err)
	}
	if err := replaceFile(k.path, append(content, '\n')); err != nil {
		return fmt.Errorf("key file: %w", err)
	}
	return k.note(vaultKeys)
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

// Stored returns an error if the next start would not find the key file, or would
// refuse it.
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
	return nil
}

// Clear returns the vault's unwrapped keys.
func (k *Keys) Clear() []byte {
	k.mu.Lock()
	defer k.mu.Unlock()
	return bytes.Clone(k.vault)
}

// Load returns the vault's keys.
func (k *Keys) Load() (vault.Keys, error) { return vault.Read(k.Clear()) }

// Digests returns a digest of each of the vault's keys.
func (k *Keys) Digests() ([]string, error) { return vault.Digests(k.Clear()) }

// OnReplace calls f after each replacement of the vault's keys. Call it before the
// keys are in use.
func (k *Keys) OnReplace(f func()) { k.renewed = append(k.renewed, f) }

// Replace replaces the vault's keys, unless the old ones are no longer current.
func (k *Keys) Replace(old, renewed []byte) (replaced bool, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !bytes.Equal(k.vault, old) {
		return false, nil
	}
	if _, err := vault.Read(renewed); err != nil {
		return false, err
	}
	if err := k.save(renewed, k.raw); err != nil {
		return false, err
	}
	k.vault = renewed
	for _, f := range k.renewed {
		f()
	}
	return true, nil
}

// Tokens returns the token keys of a kind.
func (k *Keys) Tokens(kind auth.Kind) []auth.RingKey {
	ring := make([]auth.RingKey, tokenKeys)
	for i := range ring {
		ring[i] = tokenKey{k, kind, i}
	}
	return ring
}

// TokenKeys returns the IDs of the token keys of a kind.
func (k *Keys) TokenKeys(ctx context.Context, kind auth.Kind) ([]string, error) {
	return (&auth.Ring{Keys: k.Tokens(kind)}).IDs(ctx)
}

// RenewToken replaces the token key of a kind that does not sign, and returns the ID of
// the new one. Tokens of the replaced key are refused from now on.
func (k *Keys) RenewToken(kind auth.Kind, signing string) (id string, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.tokens[kind]) != tokenKeys {
		return "", fmt.Errorf("there are no token keys of the kind %q", kind)
	}
	at := 1
	if second, _ := k.tokens[kind][1].KeyID(context.Background()); second == signing { // never fails in memory
		at = 0
	}
	raw, signer, err := newToken()
	if err != nil {
		return "", err
	}
	tokens := maps.Clone(k.raw)
	tokens[kind] = slices.Clone(tokens[kind])
	tokens[kind][at] = raw
	if err := k.save(k.vault, tokens); err != nil {
		return "", err
	}
	k.raw, k.tokens[kind][at] = tokens, signer
	return signer.KeyID(context.Background())
}

// tokenKey is one of the token keys, which RenewToken can replace.
type tokenKey struct {
	keys *Keys
	kind auth.Kind
	at   int
}

func (t tokenKey) signer() *auth.LocalSigner {
	t.keys.mu.Lock()
	defer t.keys.mu.Unlock()
	return t.keys.tokens[t.kind][t.at]
}

// KeyID implements auth.Signer.
func (t tokenKey) KeyID(ctx context.Context) (string, error) { return t.signer().KeyID(ctx) }

// Algorithm implements auth.Signer.
func (t tokenKey) Algorithm(ctx context.Context) (auth.Algorithm, error) {
	return t.signer().Algorithm(ctx)
}

// Sign implements auth.Signer.
func (t tokenKey) Sign(ctx context.Context, digest []byte) ([]byte, error) {
	return t.signer().Sign(ctx, digest)
}

// PublicKeys implements auth.RingKey.
func (t tokenKey) PublicKeys(ctx context.Context) (map[string]crypto.PublicKey, error) {
	return t.signer().PublicKeys(ctx)
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
