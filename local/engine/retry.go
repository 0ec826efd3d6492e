package engine

import (
	"math"
	"slices"
	"time"
)

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
