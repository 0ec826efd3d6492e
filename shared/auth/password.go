// Package auth identifies callers. It holds passwords (argon2id), tokens
// (ES256), their revocation by time, and the lock after wrong passwords.
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

// Cost of a hash, from the OWASP Password Storage Cheat Sheet: argon2id with
// 19 MiB, two passes, one lane.
const (
	memoryKiB = 19 * 1024
	passes    = 2
	lanes     = 1
	saltBytes = 16
	hashBytes = 32
)

// ErrPasswordHash means that a stored hash cannot be parsed.
var ErrPasswordHash = errors.New("auth: unreadable password hash")

// Hasher hashes passwords. It runs one hash per processor at a time, so that many
// concurrent sign-ins do not exhaust memory.
type Hasher struct {
	slots  chan struct{}
	rand   io.Reader
	memory uint32 // KiB
	passes uint32
}

// NewHasher returns a hasher that takes salts from rand.
func NewHasher(rand io.Reader) *Hasher {
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	return &Hasher{slots: slots, rand: rand, memory: memoryKiB, passes: passes}
}

// NewSandboxHasher returns a hasher whose hashes are cheap. The sandbox hashes
// hundreds of demonstration accounts at every start.
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
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s",
		argon2.Version, h.memory, h.passes, lanes, enc.EncodeToString(salt), enc.EncodeToString(sum)), nil
}

func (h *Hasher) sum(password string, salt []byte, t, m, n uint32) []byte {
	h.slots <- struct{}{}
	defer func() {
		if m >= memoryKiB {
			runtime.GC() // frees this hash's memory before the next hash allocates its own
		}
		<-h.slots
	}()
	return argon2.IDKey([]byte(password), salt, t, m, lanes, n)
}

// Verify reports whether the password matches the hash. An empty hash stands for
// an unknown login name: it takes as long as a known one and never matches.
// Errors: ErrPasswordHash.
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
	// Sscanf ignores trailing text, so compare with the canonical spelling.
	if err != nil || parts[3] != fmt.Sprintf("m=%d,t=%d,p=%d", m, t, p) {
		return false, ErrPasswordHash
	}
	if m < 8 || m > 4*memoryKiB || t == 0 || t > 10 || p != lanes {
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
