package eport

import (
	"bytes"
	"crypto"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// An enterprise bound to a card must find the same card after a restart.
func TestCardsAreKept(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cards")
	enterprises := []Enterprise{{"pass", "河北安达进出口贸易有限公司", "91130100MA0R01NM09"}}
	cards := func() (good, rsa *chip, root []byte) {
		s, err := New(enterprises, dir, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		good, err = s.chip("pass", Good)
		if err != nil {
			t.Fatal(err)
		}
		rsa, err = s.chip("pass", GoodRSA)
		if err != nil {
			t.Fatal(err)
		}
		return good, rsa, s.authority("root").certificate.Raw
	}
	firstGood, firstRSA, firstRoot := cards()
	good, rsa, root := cards()
	for what, same := range map[string]bool{
		"root": bytes.Equal(root, firstRoot), "SM2 card": bytes.Equal(good.certificate.Raw, firstGood.certificate.Raw),
		"RSA card": bytes.Equal(rsa.certificate.Raw, firstRSA.certificate.Raw),
		"SM2 key":  good.key.Public().(interface{ Equal(crypto.PublicKey) bool }).Equal(firstGood.key.Public()),
		"RSA key":  rsa.key.Public().(interface{ Equal(crypto.PublicKey) bool }).Equal(firstRSA.key.Public()),
	} {
		if !same {
			t.Errorf("%s: another one after a restart", what)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "authority-root.pem"), []byte("no PEM"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := New(enterprises, dir, time.Now); err == nil {
		t.Error("a damaged file was accepted")
	}
}
