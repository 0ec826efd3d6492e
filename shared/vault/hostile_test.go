package vault_test

import (
	"errors"
	"testing"
	"time"

	"realname/shared/realname"
	"realname/shared/vault"
)

func TestASealedValueHasOneSpelling(t *testing.T) {
	v := vault.Ephemeral()
	// 33 bytes of overhead and one of text leave stray bits in the last character.
	sealed, err := v.Seal([]byte("x"), "i", "f")
	if err != nil {
		t.Fatal(err)
	}
	alphabet := "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	for _, c := range alphabet {
		changed := sealed[:len(sealed)-1] + realname.Sealed(c)
		if _, err := v.Open(changed, "i", "f"); changed != sealed && !errors.Is(err, realname.ErrSealed) {
			t.Errorf("last character changed to %q: %v", c, err)
		}
	}
	for _, changed := range []realname.Sealed{
		sealed + "\n", "\r" + sealed, sealed[:4] + "\n" + sealed[4:], sealed + "=",
	} {
		if _, err := v.Open(changed, "i", "f"); !errors.Is(err, realname.ErrSealed) {
			t.Errorf("%q opens: %v", changed, err)
		}
	}
}

func TestWithoutKeysThereIsNoIndex(t *testing.T) {
	v := vault.New(func() (vault.Keys, error) { return vault.Keys{}, errors.New("no network") }, time.Now)
	if index, err := v.Index("sms-code", "123456"); err == nil || index != "" {
		t.Errorf("index %q without keys (%v); two such indexes compare equal", index, err)
	}
}
