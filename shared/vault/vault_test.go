package vault_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"realname/shared/realname"
	"realname/shared/vault"
)

func TestSealedValuesOpenOnlyWhereTheyBelong(t *testing.T) {
	v := vault.Ephemeral()
	sealed, err := v.Seal([]byte("季鹏"), "account/1", "mobile")
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := v.Open(sealed, "account/1", "mobile"); err != nil || string(plain) != "季鹏" {
		t.Fatalf("%q %v", plain, err)
	}
	for name, where := range map[string][2]string{
		"other item":     {"account/2", "mobile"},
		"other field":    {"account/1", "email"},
		"shifted border": {"account/1/mobile", ""},
	} {
		if _, err := v.Open(sealed, where[0], where[1]); !errors.Is(err, realname.ErrSealed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := vault.Ephemeral().Open(sealed, "account/1", "mobile"); !errors.Is(err, realname.ErrSealed) {
		t.Error("another vault's key opens it")
	}
}

func TestEveryChangedByteIsRefused(t *testing.T) {
	v := vault.Ephemeral()
	sealed, err := v.Seal([]byte("value"), "i", "f")
	if err != nil {
		t.Fatal(err)
	}
	for i := range sealed {
		changed := []byte(sealed)
		if changed[i] = 'A'; sealed[i] == 'A' {
			changed[i] = 'B'
		}
		if plain, err := v.Open(realname.Sealed(changed), "i", "f"); err == nil && i != len(sealed)-1 {
			t.Fatalf("byte %d changed opens as %q", i, plain)
		}
	}
}

func TestRotatedKeysetOpensOldAndSealsNew(t *testing.T) {
	old, err := vault.Generate()
	if err != nil {
		t.Fatal(err)
	}
	rotated, err := vault.Rotate(old)
	if err != nil {
		t.Fatal(err)
	}
	with := func(document []byte) *vault.Vault {
		return vault.New(func() (vault.Keys, error) { return vault.Read(document) }, time.Now)
	}
	before, after := with(old), with(rotated)
	sealed, _ := before.Seal([]byte("x"), "i", "f")
	if plain, err := after.Open(sealed, "i", "f"); err != nil || string(plain) != "x" {
		t.Fatalf("%q %v", plain, err)
	}
	fresh, _ := after.Seal([]byte("y"), "i", "f")
	if _, err := before.Open(fresh, "i", "f"); err == nil {
		t.Fatal("the old keyset opens what the new key sealed")
	}
	if index(t, before, "p", "v") != index(t, after, "p", "v") {
		t.Fatal("the index changed")
	}
}

func TestAFailedLoadIsRepeated(t *testing.T) {
	loads := 0
	v := vault.New(func() (vault.Keys, error) {
		if loads++; loads == 1 {
			return vault.Keys{}, errors.New("no network")
		}
		document, err := vault.Generate()
		if err != nil {
			return vault.Keys{}, err
		}
		return vault.Read(document)
	}, time.Now)
	if v.Ready() == nil {
		t.Fatal("the first load should fail")
	}
	if err := v.Ready(); err != nil {
		t.Fatal(err)
	}
}

func TestIndexSeparatesPurposes(t *testing.T) {
	v := vault.Ephemeral()
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.String().Draw(t, "a"), rapid.String().Draw(t, "b")
		if (index(t, v, "p", a) == index(t, v, "p", b)) != (a == b) || index(t, v, "p", a) == index(t, v, "q", a) {
			t.Fatal("equal indexes of different values or purposes")
		}
	})
}

func FuzzOpen(f *testing.F) {
	v := vault.Ephemeral()
	sealed, _ := v.Seal([]byte("x"), "i", "f")
	f.Add(string(sealed))
	f.Fuzz(func(t *testing.T, s string) {
		if _, err := v.Open(realname.Sealed(s), "other", "f"); err == nil {
			t.Fatal("opened for another item")
		}
	})
}

func TestKeysThatCannotWorkAreRefused(t *testing.T) {
	const index = `"index":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="`
	const secret = `"secret":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="`
	for name, document := range map[string]string{
		"not JSON":            `AAAA`,
		"no keys":             `{"primary":1,"keys":[],` + index + `}`,
		"a missing primary":   `{"primary":2,"keys":[{"id":1,` + secret + `}],` + index + `}`,
		"an ID twice":         `{"primary":1,"keys":[{"id":1,` + secret + `},{"id":1,` + secret + `}],` + index + `}`,
		"ID 0":                `{"primary":0,"keys":[{"id":0,` + secret + `}],` + index + `}`,
		"a short key":         `{"primary":1,"keys":[{"id":1,"secret":"AAAA"}],` + index + `}`,
		"a short index key":   `{"primary":1,"keys":[{"id":1,` + secret + `}],"index":"AAAA"}`,
		"a missing index key": `{"primary":1,"keys":[{"id":1,` + secret + `}]}`,
	} {
		if _, err := vault.Read([]byte(document)); err == nil {
			t.Errorf("%s: accepted", name)
		} else if strings.Contains(err.Error(), "AAAA") {
			t.Errorf("%s: the error holds a key: %v", name, err)
		}
	}
}

// One of the two instances starts before a rotation and the other one after it.
func TestAnOlderInstanceOpensValuesOfANewerKey(t *testing.T) {
	document, err := vault.Generate()
	if err != nil {
		t.Fatal(err)
	}
	loads := 0
	load := func() (vault.Keys, error) { loads++; return vault.Read(document) }
	older := vault.New(load, time.Now)
	before, err := older.Seal([]byte("季鹏"), "i", "f")
	if err != nil {
		t.Fatal(err)
	}
	if document, err = vault.Rotate(document); err != nil {
		t.Fatal(err)
	}
	newer := vault.New(load, time.Now)
	after, err := newer.Seal([]byte("李玲芳"), "i", "f")
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string]*vault.Vault{"older": older, "newer": newer} {
		for sealed, want := range map[realname.Sealed]string{before: "季鹏", after: "李玲芳"} {
			if plain, err := v.Open(sealed, "i", "f"); err != nil || string(plain) != want {
				t.Errorf("%s: %q %v", name, plain, err)
			}
		}
	}
	if index(t, older, "p", "x") != index(t, newer, "p", "x") {
		t.Error("the index changed")
	}
	if loads != 3 { // each instance loads once, and the older one again
		t.Errorf("%d loads", loads)
	}
}

func TestAMissingKeyCausesOneReload(t *testing.T) {
	foreign, err := vault.Ephemeral().Seal([]byte("x"), "i", "f")
	if err != nil {
		t.Fatal(err)
	}
	document, err := vault.Generate()
	if err != nil {
		t.Fatal(err)
	}
	loads := 0
	v := vault.New(func() (vault.Keys, error) { loads++; return vault.Read(document) }, time.Now)
	for range 5 {
		if _, err := v.Open(foreign, "i", "f"); !errors.Is(err, realname.ErrSealed) {
			t.Error(err)
		}
	}
	if loads != 2 {
		t.Errorf("%d loads for a missing key, want 2", loads)
	}
}

// The keys of an accepted document seal and open.
func FuzzRead(f *testing.F) {
	generated, err := vault.Generate()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(generated))
	f.Add(`{"primary":1,"keys":[{"id":1,"secret":"AAAA"}],"index":"AAAA"}`)
	f.Fuzz(func(t *testing.T, document string) {
		keys, err := vault.Read([]byte(document))
		if err != nil {
			return
		}
		v := vault.New(func() (vault.Keys, error) { return keys, nil }, time.Now)
		sealed, err := v.Seal([]byte("x"), "i", "f")
		if err != nil {
			t.Fatalf("accepted keys do not seal: %v", err)
		}
		if plain, err := v.Open(sealed, "i", "f"); err != nil || string(plain) != "x" {
			t.Fatalf("accepted keys do not open: %q %v", plain, err)
		}
	})
}

type failing interface {
	Helper()
	Fatal(...any)
}

func index(t failing, v *vault.Vault, purpose, value string) string {
	t.Helper()
	i, err := v.Index(purpose, value)
	if err != nil {
		t.Fatal(err)
	}
	return i
}
