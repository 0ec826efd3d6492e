// Package provider holds the common types of the adapters to providers, such as the
// failure of a call without a usable answer. Each adapter has its own folder.
package provider

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"realname/shared/realname"
)

// Failure is a call without a usable answer. Its text names the provider's code and
// request, and holds nothing of the query.
type Failure struct {
	Provider  string
	API       string // the provider's name of the API
	Code      string // the provider's own code, or one of those below
	RequestID string
	// NoEffect means that the provider certainly did not act on the request, so that
	// a second request cannot have a double effect.
	NoEffect bool
	// Throttled means that the provider works and refused the rate of this caller.
	Throttled  bool
	RetryAfter time.Duration // 0 if unknown
	// Transport is an error below HTTP, nil otherwise.
	Transport error
}

// Codes of failures for which a provider has none.
const (
	CodeTimeout     = "timeout"          // no answer before the deadline
	CodeUnreachable = "unreachable"      // no connection, or it broke
	CodeMalformed   = "malformed_answer" // the provider's documentation does not allow this answer
	CodeCredentials = "no_credentials"   // the credentials could not be read
	CodeNoTime      = "no_time"          // the function had too little time left for a request
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

// Unwrap returns the error below HTTP.
func (f *Failure) Unwrap() error { return f.Transport }

// Failed returns the result of a check that failed: it has no answer, or the provider
// refused its rate.
func Failed(name string, err error) realname.CheckResult {
	r := realname.CheckResult{Outcome: realname.Unavailable, Provider: name}
	var f *Failure
	if errors.As(err, &f) {
		r.Code, r.RequestID, r.RetryAfter = f.Code, f.RequestID, f.RetryAfter
		if f.Throttled {
			r.Outcome = realname.Limited
		}
	}
	return r
}

// IsCode reports whether a code is one of the given or below one of them. Codes are words
// joined by dots; the first word is the class.
func IsCode(code string, classes ...string) bool {
	return slices.ContainsFunc(classes, func(class string) bool {
		return code == class || strings.HasPrefix(code, class+".")
	})
}
