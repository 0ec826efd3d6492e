// Package auth proves who calls: passwords (argon2id), tokens (ES256), their
// revocation by time, and the lock after wrong passwords.
package auth

import (
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Cost of a hash: OWASP Password Storage Cheat Sheet, argon2id with 19 MiB, two
// passes, one lane.
const (
	memoryKiB = 19 * 1024
	passes    = 2
	lanes     = 1
	saltBytes = 16
	hashBytes = 32
)

// ErrPasswordHash means that a stored hash cannot be read.
var ErrPasswordHash = errors.New("auth: unreadable password hash")

// Hasher hashes passwords, no more at a time than there are processors, so that
// many logins at once do not exhaust memory.
type Hasher struct {
	slots  chan struct{}
	rand   io.Reader
	memory uint32 // KiB
	passes uint32
}

// NewHasher returns a hasher that takes salts from rand.
func NewHasher(rand io.Reader) *Hasher {
	return &Hasher{slots: make(chan struct{}, runtime.GOMAXPROCS(0)), rand: rand, memory: memoryKiB, passes: passes}
}

// NewSandboxHasher returns a hasher whose hashes are cheap, for demonstration
// accounts that are loaded by the hundred at every start.
func NewSandboxHasher(rand io.Reader) *Hasher {
	h := NewHasher(rand)
	h.memory, h.passes = 1024, 1
	return h
}

// Hash returns the password's hash in PHC form,
// $argon2id$v=19$m=19456,t=2,p=1$salt$hash.
func (h *Hasher) Hash(password string) (string, error) {
	salt := make([]byte, saltBytes)
	if _, err := io.ReadFull(h.rand, salt); err != nil {
		return "", fmt.Errorf("read salt: %w", err)
	}
	sum := h.sum(password, salt, h.passes, h.memory, hashBytes)
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.memory, h.passes, lanes, enc.EncodeToString(salt), enc.EncodeToString(sum)), nil
}

func (h *Hasher) sum(password string, salt []byte, t, m, n uint32) []byte {
	h.slots <- struct{}{}
	defer func() {
		if m >= memoryKiB {
			runtime.GC() // or the next hash takes its memory before this one's is collected
		}
		<-h.slots
	}()
	return argon2.IDKey([]byte(password), salt, t, m, lanes, n)
}

// Verify reports whether the password is the hash's. An empty hash is that of
// an unknown login name: it costs as much as a known one and never matches.
func (h *Hasher) Verify(encoded, password string) (bool, error) {
	if encoded == "" {
		h.sum(password, make([]byte, saltBytes), h.passes, h.memory, hashBytes)
		return false, nil
	}
	var m, t, p uint32
	parts := strings.Split(encoded, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, ErrPasswordHash
	}
	if parts[0] != "" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return false, ErrPasswordHash
	}
	_, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &m, &t, &p)
	// Written again, because Sscanf overlooks what follows.
	if err != nil || parts[3] != fmt.Sprintf("m=%d,t=%d,p=%d", m, t, p) || m < 8 || m > 4*memoryKiB || t == 0 || t > 10 || p != lanes {
		return false, ErrPasswordHash
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil || len(salt) < 8 || len(salt) > 64 {
		return false, ErrPasswordHash
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil || len(want) < 16 || len(want) > 64 {
		return false, ErrPasswordHash
	}
	got := h.sum(password, salt, t, m, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}
