// Package faults injects faults between the functions of the embedded default and
// their ports: providers, table and workflow that time out, fail, throttle, lose
// their answer, act twice or late, and functions that crash between two calls.
package faults

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// Target is a port that can fail.
type Target string

// Targets of POST /sandbox/faults.
const (
	Registry Target = "registry"
	IDCard   Target = "id_card"
	BankCard Target = "bank_card"
	SMS      Target = "sms"
	Table    Target = "table"
	Workflow Target = "workflow"
	Webhook  Target = "webhook"
	EventBus Target = "event_bus"
)

// Mode is the way in which a target fails.
type Mode string

// Modes of POST /sandbox/faults. With DropAnswer, the call takes effect and its
// answer is lost. With Double, it takes effect twice, as if the network repeated
// it. With Late, it times out and takes effect afterwards, after later calls.
const (
	Timeout    Mode = "timeout"
	Error      Mode = "error"
	Throttle   Mode = "throttle"
	DropAnswer Mode = "drop_answer"
	Double     Mode = "double"
	Late       Mode = "late"
)

// Errors of the faults.
var (
	ErrTimeout = fmt.Errorf("sandbox fault: %w", context.DeadlineExceeded)
	ErrFailed  = errors.New("sandbox fault: error")
	ErrDropped = errors.New("sandbox fault: the answer was lost")
)

// Faults holds the pending faults. The zero value has none.
type Faults struct {
	mu  sync.Mutex
	due map[Target]due
	// held are the calls that have yet to take effect, in order.
	held map[Target][]held
	// aborts are the pending aborts.
	aborts []Abort
}

// lateBy is the number of later calls to the target that overtake a late call.
const lateBy = 20

type held struct {
	wait int
	do   func()
}

type due struct {
	mode  Mode
	times int
}

// Set makes the next calls to the target fail. With 0 times, it ends the faults,
// and held calls take effect. An error names the unknown target or mode.
func (f *Faults) Set(target Target, mode Mode, times int) error {
	if !slices.Contains([]Target{Registry, IDCard, BankCard, SMS, Table, Workflow, Webhook, EventBus}, target) {
		return fmt.Errorf("target: unknown value %q", target)
	}
	if !slices.Contains([]Mode{Timeout, Error, Throttle, DropAnswer, Double, Late}, mode) {
		return fmt.Errorf("mode: unknown value %q", mode)
	}
	if times < 0 {
		return fmt.Errorf("times: want at least 0, got %d", times)
	}
	f.mu.Lock()
	if f.due == nil {
		f.due = map[Target]due{}
	}
	f.due[target] = due{mode, times}
	f.mu.Unlock()
	if times == 0 {
		f.release(target, true)
	}
	return nil
}

// hold delays a call until later calls have overtaken it.
func (f *Faults) hold(target Target, do func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.held == nil {
		f.held = map[Target][]held{}
	}
	f.held[target] = append(f.held[target], held{lateBy, do})
}

// release counts a call to the target and executes the held calls that are due, or
// all of them.
func (f *Faults) release(target Target, all bool) {
	f.mu.Lock()
	var ready, rest []held
	for _, h := range f.held[target] {
		if h.wait--; h.wait <= 0 || all {
			ready = append(ready, h)
		} else {
			rest = append(rest, h)
		}
	}
	if f.held != nil {
		f.held[target] = rest
	}
	f.mu.Unlock()
	for _, h := range ready {
		h.do()
	}
}

// take consumes one fault of the target. It returns "" if none is pending.
func (f *Faults) take(target Target) Mode {
	f.mu.Lock()
	defer f.mu.Unlock()
	d := f.due[target]
	if d.times == 0 {
		return ""
	}
	d.times--
	f.due[target] = d
	return d.mode
}

// call makes one outside call with its pending fault, and then ends the invocation
// if an abort is due.
func call[T any](
	ctx context.Context, f *Faults, target Target, throttled error, do func(context.Context) (T, error),
) (T, error) {
	defer f.afterCall(ctx)
	f.release(target, false)
	var none T
	switch f.take(target) {
	case Timeout:
		return none, ErrTimeout
	case Error:
		return none, ErrFailed
	case Throttle:
		return none, throttled
	case DropAnswer:
		if _, err := do(ctx); err != nil {
			return none, err
		}
		return none, ErrDropped
	case Double:
		if _, err := do(ctx); err != nil {
			return none, err
		}
	case Late:
		ctx := context.WithoutCancel(ctx)
		f.hold(target, func() { _, _ = do(ctx) }) // the caller has already received a time-out
		return none, ErrTimeout
	}
	return do(ctx)
}
