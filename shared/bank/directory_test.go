package bank_test

import (
	"slices"
	"testing"
	"time"

	"realname/shared/bank"
	"realname/shared/store"
	"realname/shared/table"
	"realname/shared/table/memory"
	"realname/shared/vault"
)

func TestANewKeyCountsAtOnceAndTheWarmPathReadsNothing(t *testing.T) {
	at := now
	clock := func() time.Time { return at }
	st := store.New(table.Counted(memory.New(clock)))
	ctx, calls := table.WithCounter(t.Context())
	directory := bank.NewDirectory(st, time.Minute, clock)
	k1, _ := keyOf(t, bank.SM2SM3, "k1")
	k2, _ := keyOf(t, bank.SM2SM3, "k2")
	b := bankOf(k1)
	setting := store.Setting[bank.Bank]{Name: b.Code, Value: b}
	if err := store.SaveSetting(ctx, st, store.BankSettings, setting); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := directory.BankWithKey(ctx, "CCB", "k1"); !ok || err != nil {
		t.Fatal(ok, err)
	}
	before := calls.Calls()
	for range 100 {
		if _, ok, err := directory.BankWithKey(ctx, "CCB", "k1"); !ok || err != nil {
			t.Fatal(ok, err)
		}
	}
	if calls.Calls() != before {
		t.Errorf("%d calls on the warm path", calls.Calls()-before)
	}
	at = at.Add(2 * time.Second)
	b.Keys = append(b.Keys, k2)
	setting.Value, setting.Version = b, 1
	if err := store.SaveSetting(ctx, st, store.BankSettings, setting); err != nil {
		t.Fatal(err)
	}
	if got, ok, err := directory.BankWithKey(ctx, "CCB", "k2"); !ok || err != nil || len(got.Keys) != 2 {
		t.Errorf("the new key is not there: %v %v", ok, err)
	}
	for _, code := range []string{"XYZ", "ccb", "", "../CCB", "CCB "} {
		if _, ok, err := directory.Bank(ctx, code); ok || err != nil {
			t.Errorf("%q: %v %v", code, ok, err)
		}
	}
}

func TestBanksAreShownInTheManualsOrderAndOnlyWhileTheyAreOpen(t *testing.T) {
	clock := func() time.Time { return now }
	st, seal := store.New(memory.New(clock)), vault.Ephemeral()
	add := func(b bank.Bank) {
		b.EntryURL = "https://bank.example/"
		setting := store.Setting[bank.Bank]{Name: b.Code, Value: b}
		if err := store.SaveSetting(t.Context(), st, store.BankSettings, setting); err != nil {
			t.Fatal(err)
		}
	}
	others := []bank.Bank{{Code: "AAB"}, {Code: "NOKEY"}, {Code: "GONE", RetiredAt: now}}
	for _, b := range append(bank.Known(), others...) {
		if b.Code != "NOKEY" {
			b.OwnKeys = []bank.OwnKey{own(t, seal, b.Code, "rn", bank.SM2SM3)}
		}
		add(b)
	}
	open, err := bank.NewDirectory(st, time.Minute, clock).Open(t.Context(), now)
	if err != nil {
		t.Fatal(err)
	}
	order := ""
	for _, b := range open {
		order += b.Code + " "
	}
	if order != "CCB ABC CMBC AAB " {
		t.Error(order)
	}
}

func TestTheOriginsOfTheBanksAreThoseOfOpenBanks(t *testing.T) {
	at := now
	clock := func() time.Time { return at }
	st := store.New(memory.New(clock))
	for code, entry := range map[string]string{
		"AAA": "https://bank.example/enter?a=b", "BBB": "https://bank.example/other", "CCC": "https://a.example:8443/",
		"DDD": "/sandbox/bank/DDD", "EEE": "https://gone.example/", "FFF": "https://x.example;script-src/",
	} {
		b := bank.Bank{Code: code, EntryURL: entry}
		if code == "EEE" {
			b.RetiredAt = now.Add(time.Hour)
		}
		setting := store.Setting[bank.Bank]{Name: code, Value: b}
		if err := store.SaveSetting(t.Context(), st, store.BankSettings, setting); err != nil {
			t.Fatal(err)
		}
	}
	directory := bank.NewDirectory(st, time.Minute, clock)
	for _, c := range []struct {
		after time.Duration
		want  []string
	}{
		{0, []string{"https://a.example:8443", "https://bank.example", "https://gone.example"}},
		{time.Hour, []string{"https://a.example:8443", "https://bank.example"}},
	} {
		at = now.Add(c.after)
		got, err := directory.Origins(t.Context())
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("after %v: %q, %v, want %q", c.after, got, err, c.want)
		}
	}
}
