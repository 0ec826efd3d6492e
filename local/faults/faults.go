// Package faults makes trouble on demand between the functions of the embedded
// default and their outside: providers, table and workflow that time out, fail,
// throttle or lose their answer, and functions that die between two calls.
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
// answer is lost.
const (
	Timeout    Mode = "timeout"
	Error      Mode = "error"
	Throttle   Mode = "throttle"
	DropAnswer Mode = "drop_answer"
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
	// aborts are the invocations still to be ended.
	aborts []Abort
}

type due struct {
	mode  Mode
	times int
}

// Set makes the next calls to the target fail; 0 times ends its faults.
// An error names what is unknown.
func (f *Faults) Set(target Target, mode Mode, times int) error {
	if !slices.Contains([]Target{Registry, IDCard, BankCard, SMS, Table, Workflow, Webhook, EventBus}, target) {
		return fmt.Errorf("target: %q is unknown", target)
	}
	if !slices.Contains([]Mode{Timeout, Error, Throttle, DropAnswer}, mode) {
		return fmt.Errorf("mode: %q is unknown", mode)
	}
	if times < 0 {
		return errors.New("times: less than 0")
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.due == nil {
		f.due = map[Target]due{}
	}
	f.due[target] = due{mode, times}
	return nil
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
func call[T any](ctx context.Context, f *Faults, target Target, throttled error, do func() (T, error)) (T, error) {
	defer f.afterCall(ctx)
	var none T
	switch f.take(target) {
	case Timeout:
		return none, ErrTimeout
	case Error:
		return none, ErrFailed
	case Throttle:
		return none, throttled
	case DropAnswer:
		if _, err := do(); err != nil {
			return none, err
		}
		return none, ErrDropped
	}
	return do()
}
