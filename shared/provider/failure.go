// Package provider holds what the adapters of outside checks share: how they
// tell that a call had no usable answer. Each adapter is a folder of its own.
package provider

import (
	"fmt"
	"time"
)

// Failure is a call that had no usable answer. Its text names the provider's
// own code and request, never what was asked.
type Failure struct {
	Provider  string
	API       string // the provider's name of what was called
	Code      string // the provider's own code, or one of those below
	RequestID string
	// NoEffect says that the provider surely did not act on the request, so that
	// sending it again can double nothing.
	NoEffect bool
	// Throttled says that the provider is well and refused this caller's pace.
	Throttled  bool
	RetryAfter time.Duration // when known
	// Transport is what went wrong below HTTP, nil otherwise.
	Transport error
}

// Codes of failures for which a provider has none.
const (
	CodeTimeout     = "timeout"          // no answer before the deadline
	CodeUnreachable = "unreachable"      // no connection, or it broke
	CodeMalformed   = "malformed_answer" // an answer that its documentation does not allow
	CodeCredentials = "no_credentials"   // the credentials could not be read
	CodeNoTime      = "no_time"          // too little of the function's time was left to ask
)

func (f *Failure) Error() string {
	text := fmt.Sprintf("%s %s: %s", f.Provider, f.API, f.Code)
	if f.RequestID != "" {
		text += " (request " + f.RequestID + ")"
	}
	if f.Transport != nil {
		text += ": " + f.Transport.Error()
	}
	return text
}

// Unwrap returns what went wrong below HTTP.
func (f *Failure) Unwrap() error { return f.Transport }
