package memory

import (
	"context"
	"fmt"

	"realname/shared/table"
)

// Transact implements table.Table.
func (t *Table) Transact(ctx context.Context, writes ...table.Write) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("write: %w: %w", table.ErrUnavailable, err)
	}
	if err := table.Validate(writes); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	own := make([]stored, len(writes))
	for i, w := range writes {
		if w.Action != table.ActionPut {
			continue
		}
		var err error
		if own[i], err = pack(w.Item); err != nil {
			return fmt.Errorf("write: %w", err)
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	var refused []table.Refusal
	for i, w := range writes {
		if !t.holds(w) {
			refused = append(refused, table.Refusal{Index: i, Key: w.Item.Key, Reason: table.ConditionFailed})
		}
	}
	if refused != nil {
		return &table.ConflictError{Refused: refused}
	}
	t.apply(writes, own)
	return nil
}

// Restore stores many items fast: without a condition, a check, or a message to
// subscribers.
func (t *Table) Restore(items ...table.Item) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, it := range items {
		s, err := pack(it)
		if err != nil {
			panic(err) // only tests restore, what a table has stored
		}
		t.put(s)
	}
}

func (t *Table) holds(w table.Write) bool {
	it, ok := t.live(w.Item.Key)
	switch w.If.Kind {
	case table.KindAbsent:
		return !ok
	case table.KindVersion:
		return ok && it.Version == w.If.Version
	}
	return true
}

// apply makes the writes and sends the changes to the feed, in the order of commits
// because the caller holds the lock.
func (t *Table) apply(writes []table.Write, own []stored) {
	for i, w := range writes {
		if w.Action == table.ActionCheck {
			continue
		}
		change := table.Change{Key: w.Item.Key, Old: t.items[w.Item.Key].Version}
		if w.Action == table.ActionPut {
			change.New = w.Item.Version
			t.put(own[i])
		} else {
			t.remove(w.Item.Key)
		}
		if change.Old != 0 || change.New != 0 {
			t.Send(change)
		}
	}
}

// put stores the item in place of its former one. An index in which the item keeps its
// place stays as it is.
func (t *Table) put(it stored) {
	old, replaces := t.items[it.Key]
	t.items[it.Key] = it
	for name, index := range t.indexes {
		is := table.PlaceOf(it.Item, name)
		if replaces {
			was := table.PlaceOf(old.Item, name)
			if was == is {
				continue
			}
			if was.Index.PK != "" {
				index.Delete(was)
			}
		}
		if is.Index.PK != "" {
			index.Set(is)
		}
	}
}

func (t *Table) remove(k table.Key) {
	it, ok := t.items[k]
	if !ok {
		return
	}
	for name, index := range t.indexes {
		if p := table.PlaceOf(it.Item, name); p.Index.PK != "" {
			index.Delete(p)
		}
	}
	delete(t.items, k)
}
