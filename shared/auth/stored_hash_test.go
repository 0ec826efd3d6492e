package auth_test

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/crypto/argon2"

	"realname/shared/auth"
)

// stored is a password's hash of any cost, in PHC form.
type stored struct{ memory, passes, salt, hash uint32 }

func (s stored) of(password string) string {
	salt := []byte(strings.Repeat("s", int(s.salt)))
	sum := argon2.IDKey([]byte(password), salt, max(s.passes, 1), s.memory, 1, s.hash)
	enc := base64.RawStdEncoding
	cost := fmt.Sprintf("m=%d,t=%d,p=1", s.memory, s.passes)
	return "$argon2id$v=19$" + cost + "$" + enc.EncodeToString(salt) + "$" + enc.EncodeToString(sum)
}

func TestAStoredHashKeepsToItsLimits(t *testing.T) {
	h := auth.NewSandboxHasher(rand.Reader)
	for name, c := range map[string]struct {
		stored
		ok bool
	}{
		"least memory": {stored{8, 1, 16, 32}, true}, "less memory": {stored{7, 1, 16, 32}, false},
		"most memory": {stored{4 * 19456, 1, 16, 32}, true}, "more memory": {stored{4*19456 + 1, 1, 16, 32}, false},
		"one pass": {stored{8, 1, 16, 32}, true}, "no pass": {stored{8, 0, 16, 32}, false},
		"most passes": {stored{8, 10, 16, 32}, true}, "more passes": {stored{8, 11, 16, 32}, false},
		"shortest salt": {stored{8, 1, 8, 32}, true}, "shorter salt": {stored{8, 1, 7, 32}, false},
		"longest salt": {stored{8, 1, 64, 32}, true}, "longer salt": {stored{8, 1, 65, 32}, false},
		"shortest hash": {stored{8, 1, 16, 16}, true}, "shorter hash": {stored{8, 1, 16, 15}, false},
		"longest hash": {stored{8, 1, 16, 64}, true}, "longer hash": {stored{8, 1, 16, 65}, false},
	} {
		text := c.of("correct horse")
		if ok, err := h.Verify(text, "correct horse"); ok != c.ok || errors.Is(err, auth.ErrPasswordHash) == c.ok {
			t.Errorf("%s: %v, %v", name, ok, err)
		}
		if ok, _ := h.Verify(text, "correct horsf"); ok {
			t.Errorf("%s: another password matches", name)
		}
	}
}

func TestAHashOfWrongPartsIsRefused(t *testing.T) {
	h := auth.NewSandboxHasher(rand.Reader)
	good := stored{8, 1, 16, 32}.of("correct horse")
	for name, bad := range map[string]string{
		"a part more": good + "$", "a part less": good[:strings.LastIndex(good, "$")], "one part": "x",
		"a salt that is not base64": strings.Replace(good, "$c3Nz", "$!3Nz", 1),
		"a hash that is not base64": good[:len(good)-1] + "!",
	} {
		if ok, err := h.Verify(bad, "correct horse"); ok || !errors.Is(err, auth.ErrPasswordHash) {
			t.Errorf("%s: %v, %v", name, ok, err)
		}
	}
	if ok, err := h.Verify("", "correct horse"); ok || err != nil {
		t.Errorf("an unknown login name: %v, %v", ok, err)
	}
}

func TestHashesSayTheirCost(t *testing.T) {
	for cost, h := range map[string]*auth.Hasher{
		"m=19456,t=2,p=1": auth.NewHasher(rand.Reader), "m=1024,t=1,p=1": auth.NewSandboxHasher(rand.Reader),
	} {
		text, err := h.Hash("correct horse")
		if err != nil {
			t.Fatal(err)
		}
		parts := strings.Split(text, "$")
		if len(parts) != 6 || parts[3] != cost || len(parts[4]) != 22 || len(parts[5]) != 43 {
			t.Errorf("got %s, want cost %s, 16 bytes of salt and 32 of hash", text, cost)
		}
	}
	if text, err := auth.NewHasher(strings.NewReader("short")).Hash("x"); err == nil || text != "" {
		t.Errorf("without random bytes: %q, %v", text, err)
	}
}
