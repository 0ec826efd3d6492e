package server

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"realname/shared/table"
	"realname/shared/table/memory"
	"realname/shared/table/sqlite"
)

// Table is the table of this process and its feed of changes.
type Table interface {
	table.Table
	Subscribe(prefix string, f func(table.Change)) (cancel func())
}

// items returns every stored item, including expired ones, ordered by key.
func (s *Server) items(ctx context.Context) ([]table.Item, error) {
	switch t := s.table.(type) {
	case *memory.Table:
		return t.Dump(), nil
	case *sqlite.DB:
		var all []table.Item
		err := t.Scan(ctx, table.Key{}, func(it table.Item) error {
			all = append(all, it)
			return nil
		})
		return all, err
	}
	return nil, fmt.Errorf("the items of a %T cannot be listed", s.table)
}

// expireEvery is how often expired items are removed from a kept table. No read returns
// them in the meantime.
const expireEvery = time.Minute

// expire removes expired items from a kept table until the context ends.
func (s *Server) expire(ctx context.Context) {
	kept, ok := s.table.(*sqlite.DB)
	if !ok {
		return
	}
	ticker := time.NewTicker(expireEvery)
	defer ticker.Stop()
	for {
		if _, err := kept.Expire(ctx); err != nil && ctx.Err() == nil {
			s.opts.Log.LogAttrs(ctx, slog.LevelError, "expired items not removed", slog.String("error", err.Error()))
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
