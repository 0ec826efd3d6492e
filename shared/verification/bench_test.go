package verification_test

import (
	"testing"

	"realname/local/domaintest"
)

// bench is the shared bench with the helpers of this package's tests.
type bench struct{ *domaintest.Bench }

func newBench(t *testing.T) *bench {
	t.Helper()
	return &bench{domaintest.New(t)}
}
