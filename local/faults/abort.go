package faults

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// Abort ends one invocation of a function right after its n-th outside call, like
// a crash between two lines.
type Abort struct {
	Function string `json:"function"`
	Call     int    `json:"call"`
}

// ParseAbort reads <function>:<call number>.
func ParseAbort(text string) (Abort, error) {
	function, number, _ := strings.Cut(text, ":")
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || function == "" {
		return Abort{}, fmt.Errorf("want <function>:<call number>, got %q", text)
	}
	return Abort{function, n}, nil
}

// AbortAt adds an abort.
func (f *Faults) AbortAt(a Abort) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.aborts = append(f.aborts, a)
}

// ForgetAborts removes all pending aborts.
func (f *Faults) ForgetAborts() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.aborts = nil
}

// Aborts returns the pending aborts.
func (f *Faults) Aborts() []Abort {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]Abort{}, f.aborts...)
}

// Aborted is the panic that ends an invocation.
type Aborted struct{ Abort }

type invocationKey struct{}

type invocation struct {
	function string
	calls    int // without a lock: a function makes its calls one after another
}

// Invocation returns the context of one invocation, which counts its calls.
func Invocation(ctx context.Context, function string) context.Context {
	return context.WithValue(ctx, invocationKey{}, &invocation{function: function})
}

func (f *Faults) afterCall(ctx context.Context) {
	inv, ok := ctx.Value(invocationKey{}).(*invocation)
	if !ok {
		return
	}
	inv.calls++
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, a := range f.aborts {
		if a.Function == inv.function && a.Call == inv.calls {
			f.aborts = append(f.aborts[:i], f.aborts[i+1:]...)
			panic(Aborted{a})
		}
	}
}

// Function returns the name of the function of the invocation, or "" outside one.
func Function(ctx context.Context) string {
	if inv, ok := ctx.Value(invocationKey{}).(*invocation); ok {
		return inv.function
	}
	return ""
}
