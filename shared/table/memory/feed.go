package memory

import (
	"sync"

	"realname/shared/table"
)

// feed sends changes to subscribers. Each subscriber has its own queue and goroutine,
// so that a slow one does not delay others, and each may call the table.
type feed struct {
	mu          sync.Mutex
	subscribers map[*subscriber]struct{}
}

type subscriber struct {
	mu     sync.Mutex
	ready  *sync.Cond
	queue  []table.Change
	closed bool
}

// Subscribe calls f with every change from now on, one at a time and in the order of
// commits, on a separate goroutine and outside the table's lock. f may modify the
// items. cancel drops the changes that wait in the queue; a call of f that has begun
// may still run.
func (t *Table) Subscribe(f func(table.Change)) (cancel func()) {
	s := new(subscriber)
	s.ready = sync.NewCond(&s.mu)
	t.feed.mu.Lock()
	if t.feed.subscribers == nil {
		t.feed.subscribers = map[*subscriber]struct{}{}
	}
	t.feed.subscribers[s] = struct{}{}
	t.feed.mu.Unlock()
	go s.run(f)
	return func() {
		t.feed.mu.Lock()
		delete(t.feed.subscribers, s)
		t.feed.mu.Unlock()
		s.mu.Lock()
		s.closed = true
		s.mu.Unlock()
		s.ready.Signal()
	}
}

func (f *feed) send(c table.Change) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for s := range f.subscribers {
		s.mu.Lock()
		s.queue = append(s.queue, c)
		s.mu.Unlock()
		s.ready.Signal()
	}
}

func (s *subscriber) run(f func(table.Change)) {
	for {
		s.mu.Lock()
		for len(s.queue) == 0 && !s.closed {
			s.ready.Wait()
		}
		if s.closed {
			s.mu.Unlock()
			return
		}
		next := s.queue[0]
		s.queue = s.queue[1:]
		s.mu.Unlock()
		f(table.Change{Old: own(next.Old), New: own(next.New)})
	}
}

func own(it *table.Item) *table.Item {
	if it == nil {
		return nil
	}
	c := clone(*it)
	return &c
}
