package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table"
	"realname/shared/table/memory"
)

type lamp struct {
	Color string `json:"color"`
}

const lamps store.SettingKind = "lamp"

func TestSettingsAreKeptInOrderAndOverTheirVersionOnly(t *testing.T) {
	st, ctx := newStore(), t.Context()
	for n := range 120 { // more than a page
		entry := store.Setting[lamp]{Name: fmt.Sprintf("l%03d", 119-n), Value: lamp{"red"}}
		if err := store.SaveSetting(ctx, st, lamps, entry); err != nil {
			t.Fatal(err)
		}
	}
	all, err := store.LoadSettings[lamp](ctx, st, lamps)
	if err != nil || len(all) != 120 || all[0].Name != "l000" || all[119].Name != "l119" ||
		all[7].Value.Color != "red" || all[7].Version != 1 {
		t.Fatalf("%d entries, %v", len(all), err)
	}
	blue := store.Setting[lamp]{Name: "l000", Value: lamp{"blue"}}
	if err := store.SaveSetting(ctx, st, lamps, blue); !errors.Is(err, realname.ErrStale) {
		t.Errorf("a new entry over an old one: %v", err)
	}
	change := func(e *store.Setting[lamp]) error { e.Value.Color = "green"; return nil }
	if err := store.ChangeSetting(ctx, st, lamps, "l000", change); err != nil {
		t.Fatal(err)
	}
	one, ok, err := store.LoadSetting[lamp](ctx, st, lamps, "l000")
	if err != nil || !ok || one.Value.Color != "green" || one.Version != 2 {
		t.Errorf("%+v %v %v", one, ok, err)
	}
	if _, ok, err = store.LoadSetting[lamp](ctx, st, lamps, "l120"); ok || err != nil {
		t.Errorf("an entry that was never saved: %v", err)
	}
}

func TestSettingsAreReadOnceALifeAndAgainForWhatIsMissing(t *testing.T) {
	at := now
	st := store.New(table.Counted(memory.New(func() time.Time { return at })))
	ctx, calls := table.WithCounter(t.Context())
	settings := &store.Settings[lamp]{Store: st, Kind: lamps, Life: time.Minute, Now: func() time.Time { return at }}
	find := func(name string, want bool, cost int64) {
		t.Helper()
		before := calls.Calls()
		_, ok, err := settings.Find(ctx, func(e store.Setting[lamp]) bool { return e.Name == name && e.Value.Color == "" })
		if err != nil || ok != want || calls.Calls()-before != cost {
			t.Fatalf("%s: found %v, %d calls, %v", name, ok, calls.Calls()-before, err)
		}
	}
	find("a", false, 1)
	if err := store.SaveSetting(ctx, st, lamps, store.Setting[lamp]{Name: "a"}); err != nil {
		t.Fatal(err)
	}
	find("a", false, 0) // within the same second
	at = at.Add(time.Second)
	find("a", true, 1)
	at = at.Add(59 * time.Second)
	find("a", true, 0)
	paint := func(e *store.Setting[lamp]) error { e.Value.Color = "green"; return nil }
	if err := store.ChangeSetting(ctx, st, lamps, "a", paint); err != nil {
		t.Fatal(err)
	}
	find("a", true, 0) // still cached
	at = at.Add(time.Second)
	find("a", false, 1)
	if all, err := settings.All(ctx); err != nil || len(all) != 1 || all[0].Value.Color != "green" {
		t.Errorf("%v %v", all, err)
	}
}
