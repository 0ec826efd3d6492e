package engine

import (
	"encoding/json"
	"time"
)

// enter moves the execution to a state and runs the state in its own goroutine.
// The caller holds the lock.
func (e *Engine) enter(x *execution, name string, data any) {
	x.state, x.entered, x.data, x.retries = name, e.cfg.Now(), data, map[int]int{}
	x.token, x.until, x.pausing = "", time.Time{}, false
	s := x.machine.States[name]
	e.record(x, Event{Type: s.Type + "StateEntered", State: name})
	e.work(x)
}

// work runs the current state. The caller holds the lock.
func (e *Engine) work(x *execution) {
	if e.ctx.Err() != nil {
		return
	}
	e.running.Go(func() { e.run(x) })
}

func (e *Engine) run(x *execution) {
	e.mu.Lock()
	if x.Status != Running {
		e.mu.Unlock()
		return
	}
	s := x.machine.States[x.state]
	if s.Type == "Task" {
		e.mu.Unlock()
		e.runTask(x, s)
		return
	}
	defer e.mu.Unlock()
	input, err := within(s.InputPath, x.data)
	if err != nil {
		e.fail(x, "States.Runtime", err.Error())
		return
	}
	switch s.Type {
	case "Choice":
		e.choose(x, s, input)
	case "Pass":
		e.pass(x, s, input)
	case "Wait":
		if x.pausing { // until now
			e.leave(x, s, input)
			return
		}
		e.pauseFor(x, time.Duration(s.Seconds)*time.Second)
	case "Succeed":
		e.record(x, Event{Type: "SucceedStateExited", State: x.state})
		e.end(x, Succeeded, input, "", "")
	case "Fail":
		e.end(x, Failed, nil, s.Error, s.Cause)
	}
}

// pauseFor runs the current state after a pause. The caller holds the lock.
func (e *Engine) pauseFor(x *execution, d time.Duration) {
	x.until, x.pausing = e.cfg.Now().Add(d), true
	e.wake(x, d)
	e.keepLater(x)
}

func (e *Engine) wake(x *execution, after time.Duration) {
	x.stopWait = e.cfg.After(after, func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		if x.Status == Running {
			e.work(x)
		}
	})
}

func (e *Engine) choose(x *execution, s state, input any) {
	next := s.Default
	for _, c := range s.Choices {
		v, err := lookup(c.Variable, input)
		if err != nil {
			e.fail(x, "States.Runtime", err.Error())
			return
		}
		if v == *c.StringEquals {
			next = c.Next
			break
		}
	}
	if next == "" {
		e.fail(x, "States.NoChoiceMatched", "")
		return
	}
	e.record(x, Event{Type: "ChoiceStateExited", State: x.state})
	e.enter(x, next, input)
}

func (e *Engine) pass(x *execution, s state, input any) {
	result := input
	var err error
	if s.Parameters != nil {
		result, err = fill(s.Parameters, input, e.context(x))
	}
	if s.Result != nil {
		result = s.Result
	}
	if err == nil {
		result, err = s.ResultPath.place(input, result)
	}
	if err != nil {
		e.fail(x, "States.Runtime", err.Error())
		return
	}
	e.leave(x, s, result)
}

// maxData is the largest input or output of a state: 256 KiB.
const maxData = 256 * 1024

// leave ends the current state with its output. The caller holds the lock.
func (e *Engine) leave(x *execution, s state, output any) {
	output, err := within(s.OutputPath, output)
	if err != nil {
		e.fail(x, "States.Runtime", err.Error())
		return
	}
	if raw, err := json.Marshal(output); err != nil || len(raw) > maxData {
		e.fail(x, "States.DataLimitExceeded", "")
		return
	}
	e.record(x, Event{Type: s.Type + "StateExited", State: x.state, Output: output})
	if s.End {
		e.end(x, Succeeded, output, "", "")
		return
	}
	e.enter(x, s.Next, output)
}

func (e *Engine) fail(x *execution, name, cause string) { e.end(x, Failed, nil, name, cause) }

// context returns a function that makes the context object, $$.
func (e *Engine) context(x *execution) func() any {
	return func() any {
		return map[string]any{
			"Execution": map[string]any{
				"Id": "arn:aws:states:local:000000000000:execution:" + x.machine.name + ":" + x.Name, "Name": x.Name,
				"Input":     x.given,
				"StartTime": x.Start.UTC().Format(time.RFC3339Nano),
			},
			"State": map[string]any{"Name": x.state, "EnteredTime": x.entered.UTC().Format(time.RFC3339Nano)},
			"Task":  map[string]any{"Token": x.token},
		}
	}
}

func within(path *string, data any) (any, error) {
	if path == nil {
		return data, nil
	}
	return lookup(*path, data)
}
