package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Store keeps executions beyond the end of the process. The engine saves one before
// each effect on the outside world, so that a task may be done again after a restart,
// but is never left out.
type Store interface {
	// Save keeps the record of an execution in place of its former one. Saves are done
	// in their order. kept waits until this one is on the disk.
	Save(name string, running bool, record []byte) (kept func() error)
	// Find returns the record of an execution, nil if there is none.
	Find(ctx context.Context, name string) ([]byte, error)
	// Each calls visit with the record of each execution that runs, or of each that has
	// ended.
	Each(ctx context.Context, running bool, visit func(record []byte) error) error
}

// saveAgain is the pause before the engine saves again after a failure, such as a full
// disk. Meanwhile the execution waits.
const saveAgain = time.Second

func keptAlready() error { return nil }

var errClosed = errors.New("engine: closed before the execution was kept")

// keep saves the execution. The caller holds the lock and calls the result without it.
func (e *Engine) keep(x *execution) (kept func() error) {
	if e.cfg.Store == nil {
		return keptAlready
	}
	r := record{
		Execution: x.Execution, State: x.state, Entered: x.entered, Retries: x.retries, Data: x.data,
		Token: x.token, Until: x.until, Pausing: x.pausing,
	}
	r.Events = nil
	r.History = x.Events
	raw, err := json.Marshal(r)
	saved := func() error { return fmt.Errorf("engine: execution %s: %w", x.Name, err) }
	if err == nil {
		saved = e.cfg.Store.Save(x.Name, x.Status == Running, raw)
	}
	waiting := x.waiting
	x.waiting = nil
	return func() error {
		err := saved()
		for _, w := range waiting {
			w <- err
		}
		return err
	}
}

// keptNext waits for the next save of an execution that has just moved on: what it does
// next begins with one, and so does its end. The caller holds the lock and calls the
// result without it.
func (e *Engine) keptNext(x *execution) (kept func() error) {
	if e.cfg.Store == nil {
		return keptAlready
	}
	saved := make(chan error, 1)
	x.waiting = append(x.waiting, saved)
	return func() error {
		select {
		case err := <-saved:
			return err
		case <-e.ctx.Done():
			return errClosed
		}
	}
}

// persist saves the execution until that succeeds. It reports whether the engine is
// still open.
func (e *Engine) persist(x *execution) bool {
	if e.cfg.Store == nil {
		return true
	}
	for e.ctx.Err() == nil {
		e.mu.Lock()
		kept := e.keep(x)
		e.mu.Unlock()
		if kept() == nil {
			return true
		}
		again := make(chan struct{})
		stop := e.cfg.After(saveAgain, func() { close(again) })
		select {
		case <-again:
		case <-e.ctx.Done():
			stop()
		}
	}
	return false
}

// keepLater saves an execution that ends or pauses without keeping its caller. One
// that has ended leaves the memory. The caller holds the lock.
func (e *Engine) keepLater(x *execution) {
	if e.cfg.Store == nil || e.ctx.Err() != nil {
		return
	}
	e.running.Go(func() {
		if !e.persist(x) {
			return
		}
		e.mu.Lock()
		defer e.mu.Unlock()
		if x.Status == Running {
			return
		}
		delete(e.executions, x.Name)
		for _, token := range x.tokens {
			delete(e.tokens, token)
		}
	})
}

// known returns the execution, nil if there is none. One that is not in memory cannot
// be continued. The caller holds the lock.
func (e *Engine) known(name string) (*execution, error) {
	if x, ok := e.executions[name]; ok || e.cfg.Store == nil {
		return x, nil
	}
	raw, err := e.cfg.Store.Find(e.ctx, name)
	if err != nil || raw == nil {
		return nil, err
	}
	return read(raw)
}

// withEnded adds the executions that have left the memory.
func (e *Engine) withEnded(all []Execution) ([]Execution, error) {
	if e.cfg.Store == nil {
		return all, nil
	}
	there := make(map[string]bool, len(all))
	for _, x := range all {
		there[x.Name] = true
	}
	err := e.cfg.Store.Each(e.ctx, false, func(raw []byte) error {
		x, err := read(raw)
		if err == nil && !there[x.Name] {
			all = append(all, x.Execution)
		}
		return err
	})
	return all, err
}
