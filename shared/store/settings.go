package store

import (
	"context"
	"sync"
	"time"
)

// SettingsLife is how long a function uses what it read of the settings: a
// change is in force everywhere after it.
const SettingsLife = time.Minute

// settingsPause is the least time between two reads for the sake of an entry
// that was not found, so that asking for what does not exist costs nothing.
const settingsPause = time.Second

// Settings is one kind of settings as a function sees it: read at first use,
// kept for its life, so that the warm path makes no call to the table.
//
// What cannot be read again after that time is an error rather than old: an
// entry that was taken back must stop counting.
type Settings[T any] struct {
	Store *Store
	Kind  SettingKind
	Life  time.Duration // SettingsLife in a deployed function
	Now   func() time.Time

	mu      sync.Mutex
	entries []Setting[T]
	readAt  time.Time
}

// All returns every entry in the order of their names. The caller must not
// change them.
func (s *Settings[T]) All(ctx context.Context) ([]Setting[T], error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fresh(ctx, s.Life)
}

// Find returns the first entry that fits. When there is none it looks again, at
// most once a second, so that a new entry counts at once; ok is false when there
// still is none.
func (s *Settings[T]) Find(ctx context.Context, fits func(Setting[T]) bool) (entry Setting[T], ok bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, life := range []time.Duration{s.Life, min(s.Life, settingsPause)} {
		entries, err := s.fresh(ctx, life)
		if err != nil {
			return entry, false, err
		}
		for _, e := range entries {
			if fits(e) {
				return e, true, nil
			}
		}
	}
	return entry, false, nil
}

func (s *Settings[T]) fresh(ctx context.Context, life time.Duration) ([]Setting[T], error) {
	now := s.Now()
	if !s.readAt.IsZero() && now.Sub(s.readAt) < life {
		return s.entries, nil
	}
	entries, err := LoadSettings[T](ctx, s.Store, s.Kind)
	if err != nil {
		return nil, err
	}
	s.entries, s.readAt = entries, now
	return entries, nil
}
