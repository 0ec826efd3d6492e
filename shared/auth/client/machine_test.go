package client_test

import (
	"testing"
	"time"

	"realname/shared/auth/client"
	"realname/shared/store"
	"realname/shared/table"
	"realname/shared/table/memory"
)

func TestASecretIsKnownWhileItIsInForce(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	var c client.Client
	old, renewed := client.NewSecret(), client.NewSecret()
	c.Rotate(old, now, 0)
	c.Rotate(renewed, now, time.Hour)
	if !c.Knows(old, now) || !c.Knows(renewed, now) {
		t.Error("a secret in force is not known")
	}
	if later := now.Add(time.Hour); c.Knows(old, later) || !c.Knows(renewed, later) {
		t.Error("after the overlap the new secret alone must be known")
	}
	if c.Knows("", now) || c.Knows(c.Secrets[0].Hash, now) {
		t.Error("known without the secret")
	}
	c.Retired = now
	if c.Knows(renewed, now) {
		t.Error("a retired client is known")
	}
}

func TestAClientIDIsPlain(t *testing.T) {
	for id, ok := range map[string]bool{
		"customs": true, "c2": true,
		"a": false, "-a": false, "A1": false, "a b": false, "": false, "a#b": false,
	} {
		if client.ValidID(id) != ok {
			t.Errorf("%q", id)
		}
	}
}

func TestManyProcessesTogetherKeepTheLimit(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 30, 0, time.UTC)
	clock := func() time.Time { return now }
	st := store.New(memory.New(clock))
	processes := make([]*client.Limiter, 3)
	for i := range processes {
		processes[i] = &client.Limiter{Allowance: st, Now: clock}
	}
	spent := func() (n int) {
		for i := range 300 {
			wait, err := processes[i%3].Take(t.Context(), "customs", 60)
			if err != nil {
				t.Fatal(err)
			}
			if wait == 0 {
				n++
			} else if want := now.Truncate(time.Minute).Add(time.Minute).Sub(now); wait != want {
				t.Fatalf("wait %v", wait)
			}
		}
		return n
	}
	if n := spent(); n != 60 {
		t.Errorf("%d requests in a minute of 60", n)
	}
	if wait, err := processes[0].Take(t.Context(), "another", 1); err != nil || wait != 0 {
		t.Error("another client must wait for this one")
	}
	now = now.Add(30 * time.Second)
	if n := spent(); n != 60 {
		t.Errorf("%d requests in the next minute", n)
	}
}

func TestMostRequestsCostNoCallToTheTable(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	l := &client.Limiter{Allowance: store.New(table.Counted(memory.New(clock))), Now: clock}
	ctx, calls := table.WithCounter(t.Context())
	for range 100 {
		if _, err := l.Take(ctx, "customs", 1000); err != nil {
			t.Fatal(err)
		}
	}
	if calls.Calls() != 4 {
		t.Errorf("%d calls for 100 requests", calls.Calls())
	}
}
