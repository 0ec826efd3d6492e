package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
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

// record is the stored form of an execution.
type record struct {
	Execution
	History history     `json:"history"`
	State   string      `json:"state,omitempty"`
	Entered time.Time   `json:"entered,omitzero"`
	Retries map[int]int `json:"retries,omitempty"`
	Data    any         `json:"data,omitempty"`
	Token   string      `json:"token,omitempty"`
	Until   time.Time   `json:"until,omitzero"`
	Pausing bool        `json:"pausing,omitempty"`
}

// history lists events as [type, state, error, milliseconds], without their outputs, each
// of which is the data of the next state. It grows with each record, so it is written
// without the help of encoding/json.
type history []Event

// MarshalJSON implements json.Marshaler.
func (h history) MarshalJSON() ([]byte, error) {
	raw := make([]byte, 0, 2+80*len(h))
	raw = append(raw, '[')
	for i, v := range h {
		if i > 0 {
			raw = append(raw, ',')
		}
		raw = append(raw, '[')
		for _, text := range []string{v.Type, v.State, v.Error} {
			raw = append(appendText(raw, text), ',')
		}
		raw = append(strconv.AppendInt(raw, v.At.UnixMilli(), 10), ']')
	}
	return append(raw, ']'), nil
}

// appendText writes a text as JSON.
func appendText(to []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c >= utf8.RuneSelf || c == '"' || c == '\\' {
			raw, _ := json.Marshal(text) // cannot fail for a text
			return append(to, raw...)
		}
	}
	return append(append(append(to, '"'), text...), '"')
}

// UnmarshalJSON implements json.Unmarshaler.
func (h *history) UnmarshalJSON(raw []byte) error {
	var events []event
	err := json.Unmarshal(raw, &events)
	*h = make(history, len(events))
	for i, v := range events {
		(*h)[i] = Event(v)
	}
	return err
}

type event Event

// UnmarshalJSON implements json.Unmarshaler.
func (v *event) UnmarshalJSON(raw []byte) error {
	var at int64
	fields := []any{&v.Type, &v.State, &v.Error, &at}
	err := json.Unmarshal(raw, &fields)
	v.At = time.UnixMilli(at)
	return err
}

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

func read(raw []byte) (*execution, error) {
	var r record
	if err := json.Unmarshal(raw, &r); err != nil {
		return nil, fmt.Errorf("engine: stored execution: %w", err)
	}
	x := &execution{
		Execution: r.Execution, state: r.State, entered: r.Entered, retries: r.Retries, data: r.Data, token: r.Token,
		until: r.Until, pausing: r.Pausing,
	}
	x.given, _ = decode(x.Input) // it was decoded at the start
	if x.retries == nil {
		x.retries = map[int]int{}
	}
	for i, v := range r.History {
		v.ID = i + 1
		x.Events = append(x.Events, v)
	}
	return x, nil
}

// untouched is the length of the history of an execution that has done nothing: its start
// and the entry of its first state.
const untouched = 2

// Resume continues the stored executions that run: with their tokens, the rest of their
// time-outs and pauses, and the retries that they have used. What ran out in the
// meantime happens at once. Call it before the first answer.
// One that had done nothing yet in a first state that is gone begins with the first state
// of today. Errors: those of the store, and one for an execution whose state machine or
// state there is no longer.
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
