// Package feed sends the changes of a table in this process to its subscribers, in
// place of DynamoDB Streams.
package feed

import (
	"strings"
	"sync"

	"realname/shared/table"
)

// Feed sends changes to subscribers. Each subscriber has its own queue and goroutine,
// so that a slow one does not delay others, and each may call the table. The zero
// value is ready for use.
type Feed struct {
	mu          sync.RWMutex
	subscribers map[*subscriber]struct{}
}

type subscriber struct {
	prefix string
	mu     sync.Mutex
	ready  *sync.Cond
	queue  []table.Change
	closed bool
}

// Subscribe calls hear with every change from now on of an item whose partition key
// begins with the prefix, one at a time and in the order of commits, on a separate
// goroutine. cancel drops the changes that wait in the queue; a call of hear that has begun
// may still run.
func (f *Feed) Subscribe(prefix string, hear func(table.Change)) (cancel func()) {
	s := &subscriber{prefix: prefix}
	s.ready = sync.NewCond(&s.mu)
	f.mu.Lock()
	if f.subscribers == nil {
		f.subscribers = map[*subscriber]struct{}{}
	}
	f.subscribers[s] = struct{}{}
	f.mu.Unlock()
	go s.run(hear)
	return func() {
		f.mu.Lock()
		delete(f.subscribers, s)
		f.mu.Unlock()
		s.mu.Lock()
		s.closed = true
		s.mu.Unlock()
		s.ready.Signal()
	}
}

// Send sends the change of an item to the subscribers of its partition. The table
// calls it in the order of commits.
func (f *Feed) Send(c table.Change) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	for s := range f.subscribers {
		if strings.HasPrefix(c.Key.PK, s.prefix) {
			s.mu.Lock()
			s.queue = append(s.queue, c)
			s.mu.Unlock()
			s.ready.Signal()
		}
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
		f(next)
	}
}
