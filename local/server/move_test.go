package server

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"realname/local/move"
	"realname/local/state"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table"
	"realname/shared/table/memory"
	"realname/shared/table/sqlite"
	"realname/shared/wiring"
)

// machine returns what a stopped demonstration kept: a session at its second step.
func machine(t *testing.T) (db *sqlite.DB, keys *state.Keys, underway string) {
	t.Helper()
	dir, err := state.Open(t.TempDir(), state.Demonstration, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if keys, _, err = dir.Keys(); err != nil {
		t.Fatal(err)
	}
	if db, err = sqlite.Open(dir.Path, time.Now); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	s := demo(t, func(o *Options) { o.Table, o.Keys, o.State = db, keys, dir })
	begin := func(steps int) string {
		status, id, _ := s.call(t, "sessions", "POST", "/v1/sessions",
			`{"method":"legal_representative","consentVersion":"2026-12-755e1e5a"}`)
		if status != 201 {
			t.Fatal(status)
		}
		for _, step := range passingSteps[:steps] {
			s.opened(t, id, step.name)
			if status, _, _ := s.call(t, step.function, "POST", "/v1/sessions/"+id+"/"+step.function, step.body); status != 200 {
				t.Fatal(step.name, status)
			}
		}
		return id
	}
	underway = begin(1)
	s.opened(t, underway, "legal_representative")
	if status, _, _ := s.call(t, "credentials", "POST", "/v1/password-reset-codes",
		`{"loginName":"pass","mobile":"13700000001"}`); status != 202 { // its message waits, because Run does not
		t.Fatal(status)
	}
	s.engine.Close()
	return db, keys, underway
}

// stageWith returns an empty stage with the keys of a machine.
func stageWith(t *testing.T, keys *state.Keys) (*Server, *memory.Table) {
	t.Helper()
	cfg, err := wiring.LoadMachine(func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	there := memory.New(time.Now)
	s, err := Production(t.Context(), Options{
		Table: there, Keys: keys, RepairEvery: time.Minute, RetentionEvery: time.Hour, NotifyEvery: time.Minute,
		Rate: 1000, Burst: 1000,
	}, wiring.Ports{Config: cfg, Log: slog.New(slog.DiscardHandler), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.engine.Close)
	return s, there
}

// cut is a table whose writes fail after the given number of transactions.
type cut struct {
	table.Table
	left int
}

var errCut = errors.New("the connection is gone")

func (c *cut) Transact(ctx context.Context, writes ...table.Write) error {
	if c.left == 0 {
		return errCut
	}
	c.left--
	return c.Table.Transact(ctx, writes...)
}

func TestAMachineMovesWithItsSessionsUnderWay(t *testing.T) {
	db, keys, underway := machine(t)
	stage, there := stageWith(t, keys)
	to := &cut{Table: there}
	m := move.Move{
		ID: "move-1", From: db, To: to, Workflow: embedded{stage.engine}, Now: time.Now,
		Wait: func(ctx context.Context, d time.Duration) error {
			time.Sleep(min(d, 10*time.Millisecond))
			return ctx.Err()
		},
		Keys:     func(context.Context) error { return nil }, // stageWith has done it
		Progress: func(int) {},
		Journal:  move.Journal(filepath.Join(t.TempDir(), "journal")),
	}
	for interruptions := 0; ; interruptions++ { // each run gets one write further
		to.left = interruptions
		r, err := m.Run(t.Context())
		if errors.Is(err, errCut) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if interruptions < 3 || r.Sessions != 1 || r.Trails == 0 {
			t.Errorf("after %d interruptions: %+v", interruptions, r)
		}
		break
	}
	stage.opened(t, underway, "legal_representative")
	var held, moved int
	var waits bool
	if err := db.Scan(t.Context(), table.Key{}, func(it table.Item) error {
		if store.MessagePartition.Has(it.Key.PK) {
			waits = true
			return nil
		}
		held++
		return nil
	}); err != nil || !waits {
		t.Fatalf("a message waits: %v, %v", waits, err)
	}
	moved = len(there.Dump())
	if slices.ContainsFunc(there.Dump(), func(it table.Item) bool { return store.MessagePartition.Has(it.Key.PK) }) {
		t.Error("the stage got a message")
	}
	if moved < held { // the stage also has the mark of the move
		t.Errorf("%d items of %d", moved, held)
	}
	// The stage opens what the machine sealed, and the session goes on there.
	if status, _, _ := stage.call(t, "sessions", "GET", "/v1/sessions/"+underway, ""); status != 200 {
		t.Errorf("status %d", status)
	}
	view, err := stage.store().LoadSession(t.Context(), realname.SessionQuery{SessionID: underway})
	if err != nil || view.Open == nil {
		t.Fatalf("%+v %v", view.Open, err)
	}
	if _, err := realname.OpenPerson(stage.seal, view.Session.Subject, realname.SessionItem(underway),
		realname.FieldSubject); err != nil {
		t.Error(err)
	}

	other := m
	other.ID = "move-2"
	if _, err := other.Run(t.Context()); !errors.Is(err, move.ErrNotEmpty) {
		t.Errorf("a second machine: %v", err)
	}
}

func TestAStageWithDataIsNotOverwritten(t *testing.T) {
	db, _, _ := machine(t)
	used := demo(t)
	m := move.Move{ID: "move-1", From: db, To: used.table, Workflow: embedded{used.engine}, Now: time.Now}
	if _, err := m.Run(t.Context()); !errors.Is(err, move.ErrNotEmpty) {
		t.Errorf("%v", err)
	}
}

// A machine serves again between two attempts: it removes an item, makes another one
// again from version 1, and adds one.
func TestARepeatedMoveFollowsTheMachine(t *testing.T) {
	db, keys, _ := machine(t)
	stage, there := stageWith(t, keys)
	removed, renewed, added := table.Key{PK: "X", SK: "1"}, table.Key{PK: "X", SK: "2"}, table.Key{PK: "X", SK: "3"}
	item := func(k table.Key, version int64, value string) table.Write {
		return table.Put(table.Item{Key: k, Version: version, Body: map[string]any{"value": value}}, table.Always())
	}
	write := func(writes ...table.Write) {
		t.Helper()
		if err := db.Transact(t.Context(), writes...); err != nil {
			t.Fatal(err)
		}
	}
	write(item(removed, 1, "erased"), item(renewed, 7, "former"))
	journal := filepath.Join(t.TempDir(), "journal")
	m := move.Move{
		ID: "move-1", From: db, To: there, Workflow: embedded{stage.engine}, Now: time.Now,
		Wait:     func(context.Context, time.Duration) error { return errCut }, // before the first session goes on
		Keys:     func(context.Context) error { return nil },
		Progress: func(int) {},
		Journal:  move.Journal(journal),
	}
	if _, err := m.Run(t.Context()); !errors.Is(err, errCut) {
		t.Fatal(err)
	}
	write(table.Delete(removed, table.Always()), item(renewed, 1, "current"), item(added, 1, "added"))
	f, err := os.OpenFile(journal, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString("\n{\"pk\":\"X\",\"s"); err != nil { // the entry of a move that was killed
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	m.Wait = func(ctx context.Context, d time.Duration) error {
		time.Sleep(min(d, 10*time.Millisecond))
		return ctx.Err()
	}
	if _, err := m.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	found, err := there.Get(t.Context(), removed, renewed, added)
	if err != nil || len(found) != 2 {
		t.Errorf("%v %v", found, err)
	}
	if it, _ := table.Find(found, renewed); it.Version != 1 || it.Body["value"] != "current" {
		t.Errorf("%+v", it)
	}
}
