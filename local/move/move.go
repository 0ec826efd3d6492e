// Package move copies one machine into a deployed stage: every item of its table, and
// the sessions under way, whose executions start there. The machine is only read, so
// that it stays usable if the move fails.
package move

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"realname/shared/audit"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table"
)

// From is the table of the stopped machine.
type From interface {
	table.Table
	Scan(ctx context.Context, after table.Key, visit func(table.Item) error) error
}

// Move moves a machine to a stage.
type Move struct {
	ID       string // of this move; a resumed one has the same
	From     From
	To       table.Table
	Workflow realname.Workflow // of the stage
	Now      func() time.Time
	Wait     func(context.Context, time.Duration) error
	// Keys gives the stage the machine's keys. Run calls it once the stage is known to
	// hold nothing else.
	Keys func(context.Context) error
	// Journal lists what earlier runs gave the stage.
	Journal Journal
	// Progress is called after each batch with the number of items done so far.
	Progress func(items int)
}

// Result counts what was moved.
type Result struct {
	Items    int `json:"items"`    // copied and found again
	Sessions int `json:"sessions"` // under way, whose executions started
	Trails   int `json:"trails"`   // whose heads agree
}

// batch is the number of items in one write and in one read.
const batch = 25

// Errors of a move.
var (
	ErrNotEmpty = errors.New("the stage holds data of its own: move to a newly deployed stage")
	ErrDiffers  = errors.New("the stage differs from the machine")
)

// movingSettings marks the stage that a move has begun to fill.
const movingSettings store.SettingKind = "move"

type mark struct {
	ID string    `json:"id"`
	At time.Time `json:"at"`
}

// Run copies everything and verifies it. Run can be repeated after any failure.
// Errors: ErrNotEmpty, ErrDiffers.
func (m *Move) Run(ctx context.Context) (r Result, err error) {
	if err := m.claim(ctx); err != nil {
		return r, err
	}
	if err := m.Keys(ctx); err != nil {
		return r, err
	}
	if err := m.forget(ctx); err != nil {
		return r, err
	}
	if r.Items, err = m.copied(ctx, isData); err != nil {
		return r, err
	}
	if r.Trails, err = m.verify(ctx); err != nil {
		return r, err
	}
	if r.Sessions, err = m.start(ctx); err != nil {
		return r, err
	}
	// The stage delivers a notice as soon as it has it, so notices come last.
	notices, err := m.copied(ctx, isNotice)
	r.Items += notices
	return r, err
}

// claim refuses a stage with other data and marks an empty one.
func (m *Move) claim(ctx context.Context) error {
	to := store.New(m.To)
	marks, err := store.LoadSettings[mark](ctx, to, movingSettings)
	if err != nil {
		return err
	}
	if len(marks) > 0 {
		if marks[0].Value.ID != m.ID {
			return fmt.Errorf("%w: another machine was moved there on %s", ErrNotEmpty, marks[0].Value.At.Format(time.RFC3339))
		}
		return nil
	}
	if err := to.EnterpriseCodes(ctx, func(string) error { return ErrNotEmpty }); err != nil {
		return err
	}
	for _, kind := range []store.SettingKind{
		store.BankSettings, store.CardSettings, store.ClientSettings, store.WebhookSettings,
	} {
		there, err := store.LoadSettings[any](ctx, to, kind)
		if err != nil {
			return err
		}
		if len(there) > 0 {
			return fmt.Errorf("%w: settings of kind %s", ErrNotEmpty, kind)
		}
	}
	return store.SaveSetting(ctx, to, movingSettings, store.Setting[mark]{Name: "machine", Value: mark{m.ID, m.Now()}})
}

// forget removes from the stage what the machine has removed since an earlier run, such
// as the data of an erased person. An item whose version went back was made again.
func (m *Move) forget(ctx context.Context) error {
	var given []entry
	flush := func() error {
		keys := make([]table.Key, 0, len(given))
		for _, e := range given {
			if k := (table.Key{PK: e.PK, SK: e.SK}); !slices.Contains(keys, k) {
				keys = append(keys, k)
			}
		}
		here, err := m.From.Get(ctx, keys...)
		if err != nil {
			return fmt.Errorf("read the machine: %w", err)
		}
		gone := map[table.Key]bool{}
		for _, e := range given {
			k := table.Key{PK: e.PK, SK: e.SK}
			if it, ok := table.Find(here, k); !ok || it.Version < e.Version {
				gone[k] = true
			}
		}
		given = given[:0]
		if len(gone) == 0 {
			return nil
		}
		var deletes []table.Write
		for k := range gone {
			deletes = append(deletes, table.Delete(k, table.Always()))
		}
		if err := m.To.Transact(ctx, deletes...); err != nil {
			return fmt.Errorf("remove from the stage: %w", err)
		}
		return nil
	}
	err := m.Journal.each(func(e entry) error {
		if given = append(given, e); len(given) < batch {
			return nil
		}
		return flush()
	})
	if err != nil || len(given) == 0 {
		return err
	}
	return flush()
}

// Items that are not copied: the open steps hold tokens of the machine's workflow, these
// settings name keys that the stage does not have, and the stage would send and delete the
// messages while they are copied. Their codes are valid for minutes.
func isLeft(k table.Key) bool {
	return store.SessionPartition.Has(k.PK) && k.SK == "STEP" || store.MessagePartition.Has(k.PK) ||
		slices.Contains([]string{"CONFIG#" + string(store.TokenSettings), "CONFIG#" + string(store.RotationSettings)}, k.PK)
}

func isNotice(k table.Key) bool { return store.OutboxPartition.Has(k.PK) }

func isData(k table.Key) bool { return !isNotice(k) && !isLeft(k) }

// copied copies the items that are wanted, reads them again and returns their number.
// A write replaces what an interrupted move left.
func (m *Move) copied(ctx context.Context, wanted func(table.Key) bool) (n int, err error) {
	var waiting []table.Item
	flush := func() error {
		if len(waiting) == 0 {
			return nil
		}
		if err := m.put(ctx, waiting); err != nil {
			return err
		}
		n += len(waiting)
		waiting = waiting[:0]
		m.Progress(n)
		return nil
	}
	err = m.From.Scan(ctx, table.Key{}, func(it table.Item) error {
		if !wanted(it.Key) || !it.Expires.IsZero() && !it.Expires.After(m.Now()) {
			return nil
		}
		if waiting = append(waiting, it); len(waiting) < batch {
			return nil
		}
		return flush()
	})
	return n, errors.Join(err, flush())
}

// put writes the items that the stage does not have yet, and reads all of them again.
// A newer item is the work of a session that an interrupted move started there.
func (m *Move) put(ctx context.Context, items []table.Item) error {
	keys := make([]table.Key, len(items))
	for i, it := range items {
		keys[i] = it.Key
	}
	for again := range 2 {
		there, err := m.To.Get(ctx, keys...)
		if err != nil {
			return fmt.Errorf("read the stage: %w", err)
		}
		var missing []table.Write
		var given []table.Item
		for _, it := range items {
			if found, ok := table.Find(there, it.Key); !ok || found.Version <= it.Version && !same(found, it) {
				missing, given = append(missing, table.Put(it, table.Always())), append(given, it)
			}
		}
		if len(missing) == 0 {
			return nil
		}
		if again > 0 {
			return fmt.Errorf("%w: %d items read back otherwise", ErrDiffers, len(missing))
		}
		if err := m.Journal.add(given); err != nil {
			return err
		}
		if err := m.To.Transact(ctx, missing...); err != nil {
			return fmt.Errorf("write to the stage: %w", err)
		}
	}
	return nil
}

func same(a, b table.Item) bool {
	return a.Version == b.Version && a.GSI1 == b.GSI1 && a.GSI2 == b.GSI2 && a.Expires.Unix() == b.Expires.Unix() &&
		(len(a.Body) == 0 && len(b.Body) == 0 || reflect.DeepEqual(a.Body, b.Body))
}

// verify checks that each audit trail of the stage is whole and contains the head of
// the machine's.
func (m *Move) verify(ctx context.Context) (trails int, err error) {
	from, to := store.New(m.From), store.New(m.To)
	err = from.EnterpriseCodes(ctx, func(uscc string) error {
		_, head, err := from.AuditTrail(ctx, uscc)
		if err != nil {
			return err
		}
		entries, there, err := to.AuditTrail(ctx, uscc)
		if err != nil {
			return err
		}
		if head != (audit.Head{}) && !audit.Contains(entries, head) || len(audit.Verify(entries, there)) > 0 {
			return fmt.Errorf("%w: audit trail of enterprise %s", ErrDiffers, uscc)
		}
		trails++
		return nil
	})
	return trails, err
}

// stepPause and stepTries bound the wait for the stage's workflow to open a step.
const (
	stepPause = 200 * time.Millisecond
	stepTries = 300
)

// start starts the execution of every session under way, and lets it pass the steps
// that the session has passed.
func (m *Move) start(ctx context.Context) (sessions int, err error) {
	to := store.New(m.To)
	err = m.From.Scan(ctx, table.Key{PK: "SESSION#"}, func(it table.Item) error {
		id, ours := strings.CutPrefix(it.Key.PK, "SESSION#")
		if !ours || it.Key.SK != "STATE" {
			return nil
		}
		view, err := to.LoadSession(ctx, realname.SessionQuery{SessionID: id})
		if err != nil {
			return err
		}
		if s := view.Session; s.Live() && s.Status(m.Now()) != realname.Expired {
			sessions++
			if err := m.startOne(ctx, to, s); err != nil {
				return fmt.Errorf("session %s: %w", id, err)
			}
		}
		return nil
	})
	return sessions, err
}

func (m *Move) startOne(ctx context.Context, to *store.Store, s realname.Session) error {
	err := m.Workflow.Start(ctx, realname.Execution{SessionID: s.ID, Method: s.Method, RequestID: s.RequestID})
	if err != nil {
		return err
	}
	current, open := s.Current()
	steps := s.Method.Steps()
	for range stepTries {
		view, err := to.LoadSession(ctx, realname.SessionQuery{SessionID: s.ID})
		if err != nil {
			return err
		}
		if !view.Session.Live() {
			return nil // the workflow has closed a session whose steps had all passed
		}
		if view.Open != nil {
			at := slices.Index(steps, view.Open.Step)
			if open && at >= slices.Index(steps, current.Name) {
				return nil
			}
			err := m.Workflow.Passed(ctx, view.Open.TaskToken)
			if err != nil && !errors.Is(err, realname.ErrNotWaiting) { // it opens the next step
				return err
			}
		}
		if err := m.Wait(ctx, stepPause); err != nil {
			return err
		}
	}
	return errors.New("the stage's workflow does not open the session's step")
}
