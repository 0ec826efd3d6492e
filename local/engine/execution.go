package engine

import (
	"encoding/json"
	"time"
)

// Status is the status of an execution, as in DescribeExecution.
type Status string

// Statuses of an execution.
const (
	Running   Status = "RUNNING"
	Succeeded Status = "SUCCEEDED"
	Failed    Status = "FAILED"
	Aborted   Status = "ABORTED"
)

// Execution describes one execution.
type Execution struct {
	Name   string          `json:"name"`
	Status Status          `json:"status"`
	Input  json.RawMessage `json:"input"`
	Output json.RawMessage `json:"output,omitempty"`
	Error  string          `json:"error,omitempty"`
	Cause  string          `json:"cause,omitempty"`
	Start  time.Time       `json:"startDate"`
	Stop   time.Time       `json:"stopDate,omitzero"`
	Events []Event         `json:"events,omitempty"`
}

// Event is one entry of an execution's history, with the types of
// GetExecutionHistory.
type Event struct {
	ID     int       `json:"id"`
	Type   string    `json:"type"`
	State  string    `json:"state,omitempty"`
	Error  string    `json:"error,omitempty"`
	Output any       `json:"output,omitempty"`
	At     time.Time `json:"timestamp"`
}

// execution is the record of one run. The engine's lock guards its fields, and
// only one goroutine at a time steps it.
type execution struct {
	Execution
	machine  *machine // nil for one that has ended and was read from the store
	state    string
	entered  time.Time
	retries  map[int]int // retries used by each retrier of the current state
	data     any
	given    any // the decoded input
	token    string
	tokens   []string     // all that were issued since the start of the process
	waiting  []chan error // of callers, for the next save
	until    time.Time    // end of the time-out of the token, or of a pause; zero for none
	pausing  bool         // until the end of a Wait state or before a retry
	stopWait func() bool
}

func (x *execution) copy() Execution {
	c := x.Execution
	c.Events = append([]Event(nil), x.Events...)
	return c
}
