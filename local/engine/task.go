package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
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
