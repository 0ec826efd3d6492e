package engine

import (
	"context"
	"errors"
	"fmt"
)

// untouched is the length of the history of an execution that has done nothing: its start
// and the entry of its first state.
const untouched = 2

// Resume continues the stored executions that run: with their tokens, the rest of their
// time-outs and pauses, and the retries that they have used. What ran out in the
// meantime happens at once. Call it before the first answer.
//
// An execution that had done nothing yet in a first state that is gone begins with the
// first state of today.
// Errors: those of the store, and one for an execution whose state machine or state does
// not exist any more.
func (e *Engine) Resume(ctx context.Context) error {
	if e.cfg.Store == nil {
		return nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	var wrong error
	err := e.cfg.Store.Each(ctx, true, func(raw []byte) error {
		x, err := read(raw)
		if err != nil {
			return err
		}
		if _, there := e.executions[x.Name]; there {
			return nil
		}
		m, defined := e.machines[e.cfg.Of(x.Input)]
		if !defined {
			wrong = errors.Join(wrong, fmt.Errorf("engine: execution %s: %w", x.Name, ErrStateMachineDoesNotExist))
			return nil
		}
		x.machine = m
		s, defined := m.States[x.state]
		switch {
		case defined:
			e.executions[x.Name] = x
			e.resume(x, s)
		case len(x.Events) == untouched:
			e.executions[x.Name] = x
			e.enter(x, m.StartAt, x.data)
		default:
			wrong = errors.Join(wrong, fmt.Errorf("engine: execution %s: no state %s in %s", x.Name, x.state, m.name))
		}
		return nil
	})
	return errors.Join(err, wrong)
}

// resume continues one execution. The caller holds the lock.
func (e *Engine) resume(x *execution, s state) {
	switch {
	case x.pausing:
		e.wake(x, max(0, x.until.Sub(e.cfg.Now())))
	case x.token == "":
		e.work(x)
	default:
		e.resumeTask(x, s)
	}
}

// resumeTask waits for the answer to the token again. Whether its item was put is not
// known, so it is put again, with the same content.
func (e *Engine) resumeTask(x *execution, s state) {
	input, err := within(s.InputPath, x.data)
	w := e.await(x, s, input)
	if !x.until.IsZero() && !e.cfg.Now().Before(x.until) {
		return // its timer continues the execution
	}
	parameters := input
	if err == nil && s.Parameters != nil {
		parameters, err = fill(s.Parameters, input, e.context(x))
	}
	w.resuming = make(chan struct{})
	e.running.Go(func() {
		defer close(w.resuming)
		e.perform(x, s, s.kind, w, input, parameters, err)
	})
}
