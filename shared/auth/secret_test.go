package auth_test

import (
	"strings"
	"testing"

	"realname/shared/auth"
)

func TestASecretHas160Bits(t *testing.T) {
	got, err := auth.NewSecret(strings.NewReader(strings.Repeat("\xff", 20)))
	if want := strings.Repeat("_", 26) + "8"; err != nil || got != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
	if got, err := auth.NewSecret(strings.NewReader(strings.Repeat("\xff", 19))); err == nil || got != "" {
		t.Errorf("of 19 bytes: %q, %v", got, err)
	}
	if got, err := auth.NewCode(strings.NewReader("")); err == nil || got != "" {
		t.Errorf("a code of no bytes: %q, %v", got, err)
	}
}

func TestASecretIsStoredAsItsSHA256(t *testing.T) {
	const want = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" // FIPS 180-2, B.1
	if got := auth.SecretHash("abc"); got != want {
		t.Errorf("got %s", got)
	}
}
