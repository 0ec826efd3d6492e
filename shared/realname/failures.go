package realname

import (
	"errors"
	"fmt"
)

// mostFailures is how many failures of a run its error quotes.
const mostFailures = 3

// Failures gathers what fails in a run over many. Its error stays short however
// many there are: a function's error travels in a header of the Lambda Runtime
// API.
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

// Err is nil without a failure, else their number and the first few, which
// errors.Is and errors.As find.
func (f *Failures) Err() error {
	if f.count <= len(f.first) {
		return errors.Join(f.first...)
	}
	return fmt.Errorf("%d failures, the first of them:\n%w", f.count, errors.Join(f.first...))
}
