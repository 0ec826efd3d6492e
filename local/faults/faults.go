// Package faults makes trouble on demand between the functions of the embedded
// default and their outside: providers, table and workflow that time out, fail,
// throttle, lose their answer, act twice or late, and functions that die between
// two calls.
package faults

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// Target is what can be made to fail.
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

// Mode is how it fails.
type Mode string

// Modes of POST /sandbox/faults. With DropAnswer the call takes effect and its
// answer is lost; with Double it takes effect twice, as when the network sends it
// again; with Late it times out and takes effect afterwards, behind calls that
// were made later.
const (
	Timeout    Mode = "timeout"
	Error      Mode = "error"
	Throttle   Mode = "throttle"
	DropAnswer Mode = "drop_answer"
	Double     Mode = "double"
	Late       Mode = "late"
)

// Errors that the faults give.
var (
	ErrTimeout = fmt.Errorf("sandbox fault: %w", context.DeadlineExceeded)
	ErrFailed  = errors.New("sandbox fault: error")
	ErrDropped = errors.New("sandbox fault: the answer was lost")
)

// Faults are the faults that are due. The zero value has none.
type Faults struct {
	mu  sync.Mutex
	due map[Target]due
	// held are the calls that are still to take effect, in the order they were made.
	held map[Target][]held
	// aborts are the invocations still to be ended.
	aborts []Abort
}

// lateBy is how many calls of its target a late call lets go before.
const lateBy = 20

type held struct {
	wait int
	do   func()
}

type due struct {
	mode  Mode
	times int
}

// Set makes the next calls to the target fail; 0 times ends its faults, and calls
// that were held back take effect. An error names what is unknown.
func (f *Faults) Set(target Target, mode Mode, times int) error {
	if !slices.Contains([]Target{Registry, IDCard, BankCard, SMS, Table, Workflow, Webhook, EventBus}, target) {
		return fmt.Errorf("target: %q is unknown", target)
	}
	if !slices.Contains([]Mode{Timeout, Error, Throttle, DropAnswer, Double, Late}, mode) {
		return fmt.Errorf("mode: %q is unknown", mode)
	}
	if times < 0 {
		return errors.New("times: less than 0")
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

// hold keeps a call back until others have gone before.
func (f *Faults) hold(target Target, do func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.held == nil {
		f.held = map[Target][]held{}
	}
	f.held[target] = append(f.held[target], held{lateBy, do})
}

// release counts a call to the target and lets those take effect whose time has
// come, or all.
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

// take uses up one fault of the target; "" when none is due.
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

// call makes one outside call with the fault that is due for it, and ends the
// invocation after it when that was asked for.
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
		f.hold(target, func() { _, _ = do(ctx) }) // whoever asked was told that it timed out
		return none, ErrTimeout
	}
	return do(ctx)
}
