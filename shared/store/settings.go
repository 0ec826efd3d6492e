package store

import (
	"context"
	"sync"
	"time"
)

// SettingsLife is how long a function uses the settings that it has read. After this
// time, a change is in force everywhere.
const SettingsLife = time.Minute

// settingsPause is the minimum time between two reads that look for a missing entry,
// so that requests for missing entries cost almost nothing.
const settingsPause = time.Second

// Settings caches one kind of settings in a function. It reads them at first use and
// keeps them for Life, so that the warm path does not call the table.
//
// If the settings cannot be read again after that time, Settings returns an error
// instead of the old entries, because a withdrawn entry must no longer apply.
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

// Find returns the first entry that fits. If none does, it reads the settings again,
// at most once a second, so that a new entry applies at once. ok is false if still no
// entry fits.
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
