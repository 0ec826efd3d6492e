package realname

import (
	"errors"
	"fmt"
)

// mostFailures limits how many failures of a run its error quotes.
const mostFailures = 3

// Failures collects the failures of a run over many items. Its error stays short
// for any number of failures, because a function's error travels in a header of
// the Lambda Runtime API.
type Failures struct {
	count int
	first []error
}

// Add counts a failure.
func (f *Failures) Add(err error) {
	if f.count++; len(f.first) < mostFailures {
		f.first = append(f.first, err)
	}
}

// Err returns nil if nothing failed. Otherwise the error gives the number of
// failures and wraps the first few, so that errors.Is and errors.As find them.
func (f *Failures) Err() error {
	if f.count <= len(f.first) {
		return errors.Join(f.first...)
	}
	return fmt.Errorf("%d failures, the first of them:\n%w", f.count, errors.Join(f.first...))
}
