package vault_test

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"slices"
	"testing"
	"time"

	"realname/shared/realname"
	"realname/shared/vault"
)

func TestRotationAddsAKeyThatSeals(t *testing.T) {
	keyset, err := vault.Generate()
	if err != nil {
		t.Fatal(err)
	}
	ids, primary, err := vault.KeyIDs(keyset)
	if err != nil || len(ids) != 1 || ids[0] != primary || primary == 0 {
		t.Fatalf("after Generate: IDs %v, primary %d, %v", ids, primary, err)
	}
	for i := range 3 {
		if keyset, err = vault.Rotate(keyset); err != nil {
			t.Fatal(err)
		}
		got, primary, err := vault.KeyIDs(keyset)
		if err != nil || len(got) != i+2 || !slices.Equal(got[:i+1], ids) || primary != got[i+1] {
			t.Fatalf("after rotation %d: IDs %v, primary %d, %v; want one more than %v", i+1, got, primary, err, ids)
		}
		ids = got
	}
}

func TestUnreadableKeysAreNeitherRotatedNorListed(t *testing.T) {
	for _, keyset := range []string{"", "{}", "AAAA"} {
		if got, err := vault.Rotate([]byte(keyset)); err == nil || got != nil {
			t.Errorf("Rotate(%q) = %q, %v", keyset, got, err)
		}
		if ids, primary, err := vault.KeyIDs([]byte(keyset)); err == nil || ids != nil || primary != 0 {
			t.Errorf("KeyIDs(%q) = %v, %d, %v", keyset, ids, primary, err)
		}
	}
}

// sealedBy returns a value in the form of one that the key sealed, with n bytes
// after its prefix.
func sealedBy(id uint32, n int) realname.Sealed {
	raw := binary.BigEndian.AppendUint32([]byte{1}, id)
	return realname.Sealed(base64.RawStdEncoding.EncodeToString(append(raw, make([]byte, n)...)))
}

// counted returns a vault over one keyset, its key's ID, and how often it loads.
func counted(t *testing.T) (v *vault.Vault, id uint32, loads *int) {
	t.Helper()
	keyset, err := vault.Generate()
	if err != nil {
		t.Fatal(err)
	}
	_, id, err = vault.KeyIDs(keyset)
	if err != nil {
		t.Fatal(err)
	}
	loads = new(int)
	return vault.New(func() (vault.Keys, error) { *loads++; return vault.Read(keyset) }, time.Now), id, loads
}

func TestOnlyTheFirst100UnknownKeysLoadAgain(t *testing.T) {
	v, id, loads := counted(t)
	for range 2 {
		for i := range 150 {
			if _, err := v.Open(sealedBy(id+1+uint32(i), 40), "i", "f"); !errors.Is(err, realname.ErrSealed) {
				t.Fatal(err)
			}
		}
	}
	if *loads != 101 {
		t.Errorf("got %d loads, want the first one and 100", *loads)
	}
}

func TestOnlyAValueWithAnUnknownKeyLoadsAgain(t *testing.T) {
	v, id, loads := counted(t)
	known := sealedBy(id, 40)
	otherVersion := "A" + known[1:]
	for name, c := range map[string]struct {
		sealed realname.Sealed
		loads  int
	}{
		"nothing":                     {"", 0},
		"a version alone":             {"AQ", 0},
		"a byte less than the prefix": {"AQEBAQ", 0},
		"a known key alone":           {sealedBy(id, 0), 0},
		"an altered value":            {known, 0},
		"another version":             {otherVersion, 0},
		"key 0":                       {sealedBy(0, 40), 0},
		"an unknown key alone":        {sealedBy(id+1, 0), 1},
		"an unknown key":              {sealedBy(id+2, 40), 1},
	} {
		if err := v.Ready(); err != nil {
			t.Fatal(err)
		}
		before := *loads
		if _, err := v.Open(c.sealed, "i", "f"); !errors.Is(err, realname.ErrSealed) {
			t.Errorf("%s: %v", name, err)
		}
		if got := *loads - before; got != c.loads {
			t.Errorf("%s: got %d loads, want %d", name, got, c.loads)
		}
	}
}

func TestAFailureToLoadIsNotAnAlteredValue(t *testing.T) {
	keyset, err := vault.Generate()
	if err != nil {
		t.Fatal(err)
	}
	broken := errors.New("no network")
	failing := false
	v := vault.New(func() (vault.Keys, error) {
		if failing {
			return vault.Keys{}, broken
		}
		return vault.Read(keyset)
	}, time.Now)
	foreign, err := vault.Ephemeral().Seal([]byte("x"), "i", "f")
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := v.Seal([]byte("x"), "i", "f")
	if err != nil {
		t.Fatal(err)
	}
	failing = true
	if _, err := v.Open(foreign, "i", "f"); !errors.Is(err, broken) {
		t.Errorf("an unknown key: %v", err)
	}
	if plain, err := v.Open(sealed, "i", "f"); err != nil || string(plain) != "x" {
		t.Errorf("a known key: %q %v", plain, err)
	}
	never := vault.New(func() (vault.Keys, error) { return vault.Keys{}, broken }, time.Now)
	if got, err := never.Seal([]byte("x"), "i", "f"); !errors.Is(err, broken) || got != "" {
		t.Errorf("Seal without keys: %q %v", got, err)
	}
	if _, err := never.Open(sealed, "i", "f"); !errors.Is(err, broken) {
		t.Errorf("Open without keys: %v", err)
	}
}

func TestKeysAreLoadedAgainAfterTheirLife(t *testing.T) {
	document, err := vault.Generate()
	if err != nil {
		t.Fatal(err)
	}
	now, loads, down := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC), 0, false
	v := vault.New(func() (vault.Keys, error) {
		loads++
		if down {
			return vault.Keys{}, errors.New("no network")
		}
		return vault.Read(document)
	}, func() time.Time { return now })
	for _, step := range []struct {
		after time.Duration
		down  bool
		loads int
	}{
		{0, false, 1},
		{vault.KeysLife - 1, false, 1},
		{1, false, 2},
		{vault.KeysLife, true, 3}, // the old keys stay
		{vault.KeysLife - 1, true, 3},
		{1, false, 4},
	} {
		now, down = now.Add(step.after), step.down
		if _, err := v.Index("p", "x"); err != nil || loads != step.loads {
			t.Errorf("%+v: %d loads, %v", step, loads, err)
		}
	}
}

// A caller can invent key IDs, for example in a cursor. Even then a new key is found.
func TestInventedKeysHideANewKeyForAMinuteAtMost(t *testing.T) {
	document, err := vault.Generate()
	if err != nil {
		t.Fatal(err)
	}
	_, id, err := vault.KeyIDs(document)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	load := func() (vault.Keys, error) { return vault.Read(document) }
	v := vault.New(load, func() time.Time { return now })
	for i := range 200 {
		if _, err := v.Open(sealedBy(id+1+uint32(i), 40), "i", "f"); !errors.Is(err, realname.ErrSealed) {
			t.Fatal(err)
		}
	}
	if document, err = vault.Rotate(document); err != nil {
		t.Fatal(err)
	}
	sealed, err := vault.New(load, time.Now).Seal([]byte("x"), "i", "f")
	if err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Minute)
	if plain, err := v.Open(sealed, "i", "f"); err != nil || string(plain) != "x" {
		t.Errorf("%q %v", plain, err)
	}
}
