package engine

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// wait is a task that waits for the answer to its token.
type wait struct {
	x         *execution
	state     state
	input     any
	done      bool // answered, timed out or abandoned
	stopTimer func() bool
	resuming  chan struct{} // closed once Resume has put its item again; nil if it need not
}

// arm creates the task's token before any code can read it, and starts its
// time-out. The caller holds the lock.
func (e *Engine) arm(x *execution, s state, input any) *wait {
	x.token = e.newToken(x)
	if s.TimeoutSeconds > 0 {
		x.until = e.cfg.Now().Add(time.Duration(s.TimeoutSeconds) * time.Second)
	}
	return e.await(x, s, input)
}

// await makes the engine accept the token of the execution until its time-out. The
// caller holds the lock.
func (e *Engine) await(x *execution, s state, input any) *wait {
	w := &wait{x: x, state: s, input: input, stopTimer: func() bool { return true }}
	e.tokens[x.token] = w
	x.tokens = append(x.tokens, x.token)
	if !x.until.IsZero() {
		w.stopTimer = e.cfg.After(max(0, x.until.Sub(e.cfg.Now())), func() { e.timeOut(w) })
	}
	return w
}

func (e *Engine) timeOut(w *wait) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if w.done || w.x.Status != Running {
		return
	}
	w.done = true
	e.record(w.x, Event{Type: "TaskTimedOut", State: w.x.state})
	e.taskFailed(w.x, w.state, w.input, "States.Timeout", "")
}

// Succeed answers a waiting task. With a store, it returns when the answer is kept.
// Errors: ErrInvalidToken if the token was never issued, ErrTaskTimedOut if its task
// no longer waits.
func (e *Engine) Succeed(_ context.Context, token string, output []byte) error {
	data, err := decode(output)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrInvalidOutput, err)
	}
	return e.answer(token, func(w *wait) { e.taskSucceeded(w.x, w.state, w.input, data) })
}

// Fail answers a waiting task with an error. Errors as for Succeed.
func (e *Engine) Fail(_ context.Context, token, errorName, cause string) error {
	return e.answer(token, func(w *wait) { e.taskFailed(w.x, w.state, w.input, errorName, cause) })
}

func (e *Engine) answer(token string, then func(*wait)) error {
	e.mu.Lock()
	w := e.tokens[token]
	e.mu.Unlock()
	if w != nil && w.resuming != nil { // or its item would replace the one of the next step
		<-w.resuming
	}
	kept, answered := e.answered(token, then)
	if err := kept(); err != nil { // not ErrTaskTimedOut, which would say that it is done
		return err
	}
	return answered
}

// answered continues the execution, unless its task no longer waits. In both cases the
// caller waits until the execution is kept: the answer before may have failed to be.
func (e *Engine) answered(token string, then func(*wait)) (kept func() error, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	w, ok := e.tokens[token]
	if !ok {
		return keptAlready, e.unknown(token)
	}
	if w.done || w.x.Status != Running {
		return e.keep(w.x), ErrTaskTimedOut
	}
	w.done = true
	w.stopTimer()
	then(w)
	return e.keptNext(w.x), nil
}

// dropWait removes the wait of the execution. The caller holds the lock.
func (e *Engine) dropWait(x *execution) {
	if x.stopWait != nil {
		x.stopWait()
		x.stopWait = nil
	}
	if w := e.tokens[x.token]; w != nil {
		w.stopTimer()
		w.done = true
	}
	x.token, x.until, x.pausing = "", time.Time{}, false
}

// newToken returns a token that names its execution, so that the engine recognizes it
// after the execution has left the memory.
func (e *Engine) newToken(x *execution) string {
	if e.cfg.Store == nil {
		return e.cfg.NewToken()
	}
	return e.cfg.NewToken() + "~" + x.Name
}

// unknown returns the error for a token that no execution in memory has issued.
func (e *Engine) unknown(token string) error {
	_, name, named := strings.Cut(token, "~")
	if !named || e.cfg.Store == nil {
		return ErrInvalidToken
	}
	x, err := e.known(name)
	if err != nil {
		return err
	}
	if x == nil {
		return ErrInvalidToken
	}
	return ErrTaskTimedOut
}
