// Package engine executes Amazon States Language files in this process, for
// the embedded default: JSONPath states, Lambda and DynamoDB tasks, task tokens,
// time-outs, retries and catches. Load refuses any field that the engine does not
// implement, so that a definition never silently runs differently from AWS Step
// Functions. Executions are in memory and end with the process, unless the engine has
// a Store.
//
// A waiting execution is a record, not a goroutine. An answer, a timer, a new start
// or Resume continues it.
package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sort"
	"sync"
	"time"
)

// Config configures an engine.
type Config struct {
	Definitions   map[string][]byte // the state machines, by name
	Substitutions map[string]string // values of ${Name} placeholders
	// Of returns the name of the state machine for an execution with this input.
	Of       func(input []byte) string
	Now      func() time.Time
	After    func(d time.Duration, f func()) (stop func() bool)
	Random   func() float64 // jitter, in [0,1)
	NewToken func() string  // unguessable
	// Invoke calls a Lambda function. If its error has a method ErrorName, Retry and
	// Catch match that name.
	Invoke func(ctx context.Context, functionARN string, payload []byte) ([]byte, error)
	// PutItem stores an item given in DynamoDB JSON.
	PutItem func(ctx context.Context, tableName string, item map[string]any) error
	// Store keeps the executions. If it is nil, they end with the process.
	Store Store
	// Changed is told when an execution starts or ends. It must return at once, because
	// the engine waits for it. It may be nil.
	Changed func(Status)
}

// Errors of the engine, as Step Functions names them.
var (
	ErrExecutionAlreadyExists   = errors.New("engine: ExecutionAlreadyExists")
	ErrExecutionDoesNotExist    = errors.New("engine: ExecutionDoesNotExist")
	ErrStateMachineDoesNotExist = errors.New("engine: StateMachineDoesNotExist")
	ErrTaskTimedOut             = errors.New("engine: TaskTimedOut")
	ErrInvalidToken             = errors.New("engine: InvalidToken")
	ErrInvalidOutput            = errors.New("engine: InvalidOutput")
)

// Engine runs executions of its state machines.
type Engine struct {
	cfg      Config
	machines map[string]*machine
	ctx      context.Context
	cancel   context.CancelFunc
	running  sync.WaitGroup

	mu         sync.Mutex
	executions map[string]*execution
	tokens     map[string]*wait
}

// Load reads the definitions. The error for an unsupported or unknown field names
// its path in the file.
func Load(cfg Config) (*Engine, error) {
	e := &Engine{
		cfg: cfg, machines: map[string]*machine{}, executions: map[string]*execution{}, tokens: map[string]*wait{},
	}
	for _, name := range slices.Sorted(maps.Keys(cfg.Definitions)) {
		m, err := parse(cfg.Definitions[name], cfg.Substitutions)
		if err != nil {
			return nil, fmt.Errorf("state machine %s: %w", name, err)
		}
		m.name = name
		e.machines[name] = &m
	}
	e.ctx, e.cancel = context.WithCancel(context.Background())
	return e, nil
}

// Close ends all work. Executions keep their state.
func (e *Engine) Close() {
	e.cancel()
	e.mu.Lock()
	for _, w := range e.tokens {
		w.stopTimer()
	}
	e.mu.Unlock()
	e.running.Wait()
}

// Start begins an execution. Like StartExecution, it accepts the same name with
// the same input again while the execution runs. With a store, it returns when the
// execution is kept.
// Errors: ErrExecutionAlreadyExists; ErrStateMachineDoesNotExist if there is no state
// machine for the input.
func (e *Engine) Start(_ context.Context, name string, input []byte) error {
	data, err := decode(input)
	if err != nil {
		return fmt.Errorf("engine: input of %s: %w", name, err)
	}
	kept, err := e.start(name, input, data)
	if err != nil {
		return err
	}
	return kept()
}

func (e *Engine) start(name string, input []byte, data any) (kept func() error, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	old, err := e.known(name)
	if err != nil {
		return nil, err
	}
	if old != nil {
		if old.Status == Running && bytes.Equal(old.Input, input) {
			return e.keep(old), nil // the first start may still wait for it, or have failed to keep it
		}
		return nil, ErrExecutionAlreadyExists
	}
	m, ok := e.machines[e.cfg.Of(input)]
	if !ok {
		return nil, ErrStateMachineDoesNotExist
	}
	x := &execution{
		Execution: Execution{Name: name, Status: Running, Input: input, Start: e.cfg.Now()}, machine: m,
		data: data, given: data,
	}
	e.executions[name] = x
	e.record(x, Event{Type: "ExecutionStarted"})
	e.changed(Running)
	e.enter(x, m.StartAt, data)
	return e.keptNext(x), nil
}

// Stop aborts an execution. It does not change one that has ended.
func (e *Engine) Stop(_ context.Context, name, errorName, cause string) error {
	kept, err := e.stop(name, errorName, cause)
	if err != nil {
		return err
	}
	return kept()
}

func (e *Engine) stop(name, errorName, cause string) (kept func() error, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	x, err := e.known(name)
	switch {
	case err != nil:
		return nil, err
	case x == nil:
		return nil, ErrExecutionDoesNotExist
	case x.Status == Running:
		e.end(x, Aborted, nil, errorName, cause)
	}
	return e.keep(x), nil
}

// Describe returns one execution with its history.
func (e *Engine) Describe(name string) (Execution, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	x, err := e.known(name)
	if err != nil {
		return Execution{}, err
	}
	if x == nil {
		return Execution{}, ErrExecutionDoesNotExist
	}
	return x.copy(), nil
}

// History returns the events of one execution in order.
func (e *Engine) History(name string) ([]Event, error) {
	x, err := e.Describe(name)
	return x.Events, err
}

// Executions returns all executions by name, the ended ones too.
func (e *Engine) Executions() ([]Execution, error) {
	e.mu.Lock()
	all := make([]Execution, 0, len(e.executions))
	for _, x := range e.executions {
		all = append(all, x.copy())
	}
	e.mu.Unlock()
	all, err := e.withEnded(all)
	sort.Slice(all, func(i, j int) bool { return all[i].Name < all[j].Name })
	return all, err
}

func (e *Engine) record(x *execution, ev Event) {
	ev.ID, ev.At = len(x.Events)+1, e.cfg.Now()
	x.Events = append(x.Events, ev)
}

// end closes an execution. The caller holds the lock.
func (e *Engine) end(x *execution, s Status, output any, errorName, cause string) {
	e.dropWait(x)
	x.Status, x.Stop, x.Error, x.Cause = s, e.cfg.Now(), errorName, cause
	if s == Succeeded {
		x.Output, _ = json.Marshal(output) // decoded JSON always encodes
	}
	types := map[Status]string{Succeeded: "ExecutionSucceeded", Failed: "ExecutionFailed", Aborted: "ExecutionAborted"}
	e.record(x, Event{Type: types[s], Error: errorName})
	x.data, x.given = nil, nil
	e.keepLater(x)
	e.changed(s)
}

func (e *Engine) changed(s Status) {
	if e.cfg.Changed != nil {
		e.cfg.Changed(s)
	}
}

func decode(raw []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if d.More() {
		return nil, errors.New("more than one JSON value")
	}
	return v, nil
}
