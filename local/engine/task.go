package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"time"
)

type resource int

const (
	lambdaInvoke resource = iota
	putItem
	putItemAndWait
)

var resourceARN = regexp.MustCompile(`^arn:[a-z-]+:states:::(.+)$`)

func resourceOf(arn string) (resource, error) {
	if m := resourceARN.FindStringSubmatch(arn); m != nil {
		switch m[1] {
		case "lambda:invoke":
			return lambdaInvoke, nil
		case "aws-sdk:dynamodb:putItem":
			return putItem, nil
		case "aws-sdk:dynamodb:putItem.waitForTaskToken":
			return putItemAndWait, nil
		}
	}
	return 0, fmt.Errorf("%q is not supported", arn)
}

// wait is a task that waits for the answer to its token.
type wait struct {
	x         *execution
	state     state
	input     any
	done      bool // answered, timed out or abandoned
	stopTimer func() bool
	resuming  chan struct{} // closed once Resume has put its item again; nil if it need not
}

// runTask runs the current task outside the lock. With a store, the execution is kept
// before the task has any effect.
func (e *Engine) runTask(x *execution, s state) {
	kind := s.kind
	e.mu.Lock()
	x.until, x.pausing = time.Time{}, false
	input, err := within(s.InputPath, x.data)
	var w *wait
	if kind == putItemAndWait {
		w = e.arm(x, s, input)
	}
	parameters := input
	if err == nil && s.Parameters != nil {
		parameters, err = fill(s.Parameters, input, e.context(x))
	}
	e.record(x, Event{Type: "TaskScheduled", State: x.state})
	e.mu.Unlock()
	if !e.persist(x) {
		return
	}
	e.perform(x, s, kind, w, input, parameters, err)
}

// perform calls the task and continues with its outcome. err is the failure of its
// parameters.
func (e *Engine) perform(x *execution, s state, kind resource, w *wait, input, parameters any, err error) {
	var result any
	name, cause := "States.Runtime", ""
	if err == nil {
		result, name, err = e.call(kind, parameters, s)
	}
	if err != nil {
		cause = err.Error()
	}

	e.mu.Lock()
	defer e.mu.Unlock()
	if x.Status != Running || w != nil && w.done || e.ctx.Err() != nil {
		return // stopped, answered before the call returned, or cut off by Close
	}
	switch {
	case err != nil:
		e.dropWait(x)
		e.taskFailed(x, s, input, name, cause)
	case kind == putItemAndWait:
		e.record(x, Event{Type: "TaskSubmitted", State: x.state})
	default:
		e.taskSucceeded(x, s, input, result)
	}
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

// call does the task's work and returns the name of its error.
func (e *Engine) call(kind resource, parameters any, s state) (result any, name string, err error) {
	p, ok := parameters.(map[string]any)
	if !ok {
		return nil, "States.Runtime", errors.New("parameters: want an object")
	}
	ctx := e.ctx
	if s.TimeoutSeconds > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Duration(s.TimeoutSeconds)*time.Second)
		defer cancel()
	}
	if kind == lambdaInvoke {
		return e.invoke(ctx, p)
	}
	tableName, _ := p["TableName"].(string)
	item, _ := p["Item"].(map[string]any)
	if err := e.cfg.PutItem(ctx, tableName, item); err != nil {
		return nil, nameOf(ctx, err, "DynamoDb.SdkClientException"), err
	}
	return map[string]any{}, "", nil
}

func (e *Engine) invoke(ctx context.Context, p map[string]any) (any, string, error) {
	arn, _ := p["FunctionName"].(string)
	payload, err := json.Marshal(p["Payload"])
	if err != nil {
		return nil, "States.Runtime", err
	}
	raw, err := e.cfg.Invoke(ctx, arn, payload)
	if err != nil {
		return nil, nameOf(ctx, err, "Lambda.Unknown"), err
	}
	out, err := decode(raw)
	if err != nil {
		return nil, "States.Runtime", err
	}
	return map[string]any{"Payload": out, "StatusCode": float64(200), "ExecutedVersion": "$LATEST"}, "", nil
}

func nameOf(ctx context.Context, err error, otherwise string) string {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return "States.Timeout"
	}
	var named interface{ ErrorName() string }
	if errors.As(err, &named) {
		return named.ErrorName()
	}
	return otherwise
}

// taskSucceeded continues with the next state. The caller holds the lock.
func (e *Engine) taskSucceeded(x *execution, s state, input, result any) {
	e.record(x, Event{Type: "TaskSucceeded", State: x.state})
	var err error
	if s.ResultSelector != nil {
		result, err = fill(s.ResultSelector, result, e.context(x))
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

// taskFailed retries, catches, or fails the execution. The caller holds the lock.
func (e *Engine) taskFailed(x *execution, s state, input any, name, cause string) {
	if name != "States.Timeout" {
		e.record(x, Event{Type: "TaskFailed", State: x.state, Error: name})
	}
	for i, r := range s.Retry {
		if !matches(r.ErrorEquals, name) {
			continue
		}
		attempts := 3
		if r.MaxAttempts != nil {
			attempts = *r.MaxAttempts
		}
		if x.retries[i] >= attempts {
			break
		}
		pause := e.pause(r, x.retries[i])
		x.retries[i]++
		x.token = ""
		e.pauseFor(x, pause)
		return
	}
	for _, c := range s.Catch {
		if !matches(c.ErrorEquals, name) {
			continue
		}
		out, err := c.ResultPath.place(input, map[string]any{"Error": name, "Cause": cause})
		if err != nil {
			e.fail(x, "States.Runtime", err.Error())
			return
		}
		e.record(x, Event{Type: "TaskStateExited", State: x.state})
		e.enter(x, c.Next, out)
		return
	}
	e.fail(x, name, cause)
}

// pause is the backoff before the next attempt: interval × rate^n, at most the
// maximum. With full jitter, it is a random part of that.
func (e *Engine) pause(r retrier, used int) time.Duration {
	seconds, rate := 1.0, 2.0
	if r.IntervalSeconds != nil {
		seconds = float64(*r.IntervalSeconds)
	}
	if r.BackoffRate != 0 {
		rate = r.BackoffRate
	}
	seconds *= math.Pow(rate, float64(used))
	if r.MaxDelaySeconds > 0 {
		seconds = min(seconds, float64(r.MaxDelaySeconds))
	}
	if r.JitterStrategy == "FULL" {
		seconds *= e.cfg.Random()
	}
	return time.Duration(seconds * float64(time.Second))
}

// matches follows the States Language, "Errors": States.TaskFailed matches any
// error except a time-out, and States.ALL any error except the two that cannot be
// caught.
func matches(names []string, name string) bool {
	if slices.Contains(names, name) {
		return true
	}
	if name == "States.DataLimitExceeded" || name == "States.Runtime" {
		return false
	}
	return slices.Contains(names, "States.ALL") || slices.Contains(names, "States.TaskFailed") && name != "States.Timeout"
}
