package memory

import (
	"context"
	"fmt"

	"realname/shared/table"
	"realname/shared/table/dynamojson"
)

// Transact implements table.Table.
func (t *Table) Transact(ctx context.Context, writes ...table.Write) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("write: %w: %w", table.ErrUnavailable, err)
	}
	own, err := dynamojson.Stored(writes)
	if err != nil {
		return fmt.Errorf("write: %w", err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	var refused []table.Refusal
	for i, w := range own {
		if !t.holds(w) {
			refused = append(refused, table.Refusal{Index: i, Key: w.Item.Key, Reason: table.ConditionFailed})
		}
	}
	if refused != nil {
		return &table.ConflictError{Refused: refused}
	}
	t.apply(own)
	return nil
}

// Restore stores many items fast: without a condition, a check, a copy, or a message
// to subscribers. The caller must not modify the bodies afterwards. Items may share a
// body.
func (t *Table) Restore(items ...table.Item) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, it := range items {
		t.put(it)
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
func (t *Table) apply(writes []table.Write) {
	for i, w := range writes {
		if w.Action == table.ActionCheck {
			continue
		}
		var change table.Change
		if old, ok := t.items[w.Item.Key]; ok {
			change.Old = &old
		}
		if w.Action == table.ActionPut {
			change.New = &writes[i].Item
			t.put(w.Item)
		} else {
			t.remove(w.Item.Key)
		}
		if change.Old != nil || change.New != nil {
			t.Send(change)
		}
	}
}

// put stores the item in place of its former one. An index in which the item keeps its
// place stays as it is.
func (t *Table) put(it table.Item) {
	old, replaces := t.items[it.Key]
	t.items[it.Key] = it
	for name, index := range t.indexes {
		is := table.PlaceOf(it, name)
		if replaces {
			was := table.PlaceOf(old, name)
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
		if p := table.PlaceOf(it, name); p.Index.PK != "" {
			index.Delete(p)
		}
	}
	delete(t.items, k)
}
