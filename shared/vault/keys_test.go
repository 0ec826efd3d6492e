package vault_test

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
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
	var kept []error
	v.Kept = func(err error) { kept = append(kept, err) }
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
	if len(kept) != 1 || kept[0].Error() != "no network" {
		t.Errorf("told %v", kept)
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

// version1 is a keyset as version 1.0.0 made it: one key for all indexes.
func version1(t *testing.T) []byte {
	t.Helper()
	document, err := vault.Generate()
	if err != nil {
		t.Fatal(err)
	}
	var d map[string]any
	if err := json.Unmarshal(document, &d); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"holders", "codes", "activation"} {
		if d[name] == nil {
			t.Fatalf("a new keyset has no %s", name)
		}
		delete(d, name)
	}
	if document, err = json.Marshal(d); err != nil {
		t.Fatal(err)
	}
	return document
}

func TestEachKindOfIndexHasItsOwnKey(t *testing.T) {
	document, err := vault.Generate()
	if err != nil {
		t.Fatal(err)
	}
	var d struct {
		Index, Activation []byte
		Holders, Codes    []struct{ Secret []byte }
	}
	if err := json.Unmarshal(document, &d); err != nil || len(d.Holders) != 1 || len(d.Codes) != 1 {
		t.Fatalf("%+v %v", d, err)
	}
	secrets := map[string]bool{}
	for _, secret := range [][]byte{d.Index, d.Activation, d.Holders[0].Secret, d.Codes[0].Secret} {
		secrets[string(secret)] = true
	}
	if len(secrets) != 4 {
		t.Errorf("%d keys for 4 kinds of index", len(secrets))
	}
}

// Indexes that version 1.0.0 stored are found before, during and after a rotation.
func TestIndexKeysRotateWithoutLosingStoredIndexes(t *testing.T) {
	document := version1(t)
	now := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	v := vault.New(func() (vault.Keys, error) { return vault.Read(document) }, func() time.Time { return now })
	rotating := []string{realname.HolderPurpose, realname.CheckPurpose, realname.CodePurpose}
	fixed := []string{realname.ActivationPurpose, "mobile", "idempotency-key", "import-account"}
	stored := map[string][]string{}
	store := func() {
		for _, p := range append(append([]string{}, rotating...), fixed...) {
			stored[p] = append(stored[p], index(t, v, p, "x"))
		}
	}
	found := func(when string) {
		t.Helper()
		for p, all := range stored {
			now, err := v.Indexes(p, "x")
			if err != nil {
				t.Fatal(err)
			}
			for i, is := range all {
				if !slices.Contains(now, is) {
					t.Errorf("%s: index %d of %s is not found", when, i, p)
				}
			}
		}
	}
	store()
	for round := range 3 {
		from := now.Add(2 * vault.KeysLife)
		rotated, err := vault.RotateIndex(document, now, from)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := vault.RotateIndex(rotated, from.Add(-1), from); !errors.Is(err, vault.ErrRotating) {
			t.Errorf("a rotation inside another: %v", err)
		}
		document = rotated
		if document, err = vault.Rotate(document); err != nil { // keeps the index keys
			t.Fatal(err)
		}
		now = now.Add(vault.KeysLife)
		found("after the reload")
		before := index(t, v, realname.HolderPurpose, "x")
		if last := stored[realname.HolderPurpose][round]; before != last {
			t.Errorf("round %d: a new index before its time", round)
		}
		// Another process, whose clock is ahead, may use the new key already.
		ahead := vault.New(func() (vault.Keys, error) { return vault.Read(document) }, func() time.Time { return from })
		stored[realname.HolderPurpose] = append(stored[realname.HolderPurpose][:round+1:round+1],
			index(t, ahead, realname.HolderPurpose, "x"))
		found("with a clock ahead")
		stored[realname.HolderPurpose] = stored[realname.HolderPurpose][:round+1]
		now = from
		for _, p := range rotating {
			if index(t, v, p, "x") == stored[p][round] {
				t.Errorf("round %d: %s has the old key", round, p)
			}
		}
		for _, p := range fixed {
			if index(t, v, p, "x") != stored[p][0] {
				t.Errorf("round %d: %s has another key", round, p)
			}
		}
		store()
		found("after the rotation")
	}
}

func TestARosterOfAnOldKeyStillRefusesTheSameHolder(t *testing.T) {
	document := version1(t)
	now := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	v := vault.New(func() (vault.Keys, error) { return vault.Read(document) }, func() time.Time { return now })
	person := realname.Person{Name: "季鹏", IDType: "resident_id", IDNumber: "110105199003070011"}
	of := func() realname.HolderIndex {
		h, err := realname.IndexHolder(v, person)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	old := of()
	roster, err := realname.Roster{}.Put(realname.Member{AccountID: "a"}, old)
	if err != nil {
		t.Fatal(err)
	}
	if document, err = vault.RotateIndex(document, now, now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Hour)
	if _, err := roster.Put(realname.Member{AccountID: "b"}, of()); realname.CodeOf(err) != realname.CodeHolderTaken {
		t.Errorf("the same holder again: %v", err)
	}
	if roster, err = roster.Put(realname.Member{AccountID: "a"}, of()); err != nil {
		t.Fatal(err)
	}
	if is, _ := roster.Member("a"); is.Holder == old.Current || is.Holder != of().Current {
		t.Errorf("a touched entry keeps the old index: %+v", is)
	}
	if _, err := roster.Put(realname.Member{AccountID: "b"}, of()); realname.CodeOf(err) != realname.CodeHolderTaken {
		t.Errorf("the same holder after the rewrite: %v", err)
	}
}
