// Package meter counts the units that AWS would bill for the embedded default:
// calls and request units of the table, invocations, state transitions,
// signatures.
package meter

import (
	"context"
	"maps"
	"sync"
)

// Workflow is the name for the state machine's own writes.
const Workflow = "workflow"

// Use counts the units of one function.
type Use struct {
	Invocations int `json:"invocations"`
	Calls       int `json:"tableCalls"`
	// Request units as DynamoDB bills them on demand, with those of the index separate.
	ReadUnits       float64 `json:"readUnits"`
	WriteUnits      float64 `json:"writeUnits"`
	IndexWriteUnits float64 `json:"indexWriteUnits"`
}

// Reading is a snapshot of the counts.
type Reading struct {
	Requests    int            `json:"requests"`    // to the API
	Signatures  int            `json:"signatures"`  // KMS Sign, once per token
	Transitions int            `json:"transitions"` // states entered, of all executions
	Functions   map[string]Use `json:"functions"`   // by name and, for the API's, route; Workflow among them
}

// Meter counts. A nil Meter counts nothing.
type Meter struct {
	mu      sync.Mutex
	reading Reading
}

// New returns a meter at zero.
func New() *Meter { return &Meter{reading: Reading{Functions: map[string]Use{}}} }

// Read returns a copy of the counts.
func (m *Meter) Read() Reading {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := m.reading
	r.Functions = maps.Clone(r.Functions)
	return r
}

// Request counts a request to the API.
func (m *Meter) Request() { m.count(func(r *Reading) { r.Requests++ }) }

// Signature counts a signature by a key that is in KMS on AWS.
func (m *Meter) Signature() { m.count(func(r *Reading) { r.Signatures++ }) }

type functionKey struct{}

// Invocation counts an invocation of a function, or of one of its routes. The returned
// context attributes calls of the table to it.
func (m *Meter) Invocation(ctx context.Context, name string) context.Context {
	if m == nil {
		return ctx
	}
	m.use(name, func(u *Use) { u.Invocations++ })
	return context.WithValue(ctx, functionKey{}, name)
}

func of(ctx context.Context) string {
	if function, ok := ctx.Value(functionKey{}).(string); ok {
		return function
	}
	return Workflow
}

func (m *Meter) use(function string, change func(*Use)) {
	m.count(func(r *Reading) {
		u := r.Functions[function]
		change(&u)
		r.Functions[function] = u
	})
}

func (m *Meter) count(change func(*Reading)) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	change(&m.reading)
}
