package server

import (
	"context"
	"strings"
	"sync"
	"time"

	"realname/shared/store"
	"realname/shared/table"
)

// watches wakes requests that wait for a session, as soon as it changes. The zero value
// is ready for use; without hear, every pause takes its whole time.
type watches struct {
	mu sync.Mutex
	of map[string]map[chan struct{}]struct{} // by session ID
}

// hear wakes the requests by the table's changes until cancel.
func (w *watches) hear(t Table) (cancel func()) {
	prefix := string(store.SessionPartition)
	return t.Subscribe(prefix, func(c table.Change) {
		w.wake(strings.TrimPrefix(c.Key.PK, prefix))
	})
}

func (w *watches) wake(sessionID string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for bell := range w.of[sessionID] {
		select {
		case bell <- struct{}{}:
		default: // it rings already
		}
	}
}

// watch is the Watch of the use cases. Its first pause ends at once: the session may
// have changed between the caller's last read and the start of the watch.
func (w *watches) watch(sessionID string) (pause func(context.Context, time.Duration) error, stop func()) {
	bell := make(chan struct{}, 1)
	bell <- struct{}{}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.of == nil {
		w.of = map[string]map[chan struct{}]struct{}{}
	}
	if w.of[sessionID] == nil {
		w.of[sessionID] = map[chan struct{}]struct{}{}
	}
	w.of[sessionID][bell] = struct{}{}
	return func(ctx context.Context, d time.Duration) error { return await(ctx, bell, d) },
		func() { w.forget(sessionID, bell) }
}

func await(ctx context.Context, bell <-chan struct{}, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-bell:
	case <-timer.C:
	}
	return nil
}

func (w *watches) forget(sessionID string, bell chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.of[sessionID], bell)
	if len(w.of[sessionID]) == 0 {
		delete(w.of, sessionID)
	}
}
