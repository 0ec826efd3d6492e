package verification_test

import (
	"context"
	"testing"

	"realname/local/domaintest"
	"realname/shared/realname"
)

// bench is the shared bench with the helpers of this package's tests.
type bench struct{ *domaintest.Bench }

func newBench(t *testing.T) *bench {
	t.Helper()
	return &bench{domaintest.New(t)}
}

// registrySays makes the registry give one answer and counts the questions.
func (b *bench) registrySays(answer realname.CheckResult) (asked *int) {
	asked = new(int)
	b.RegistryAnswers = func(context.Context) (realname.CheckResult, error) {
		*asked++
		return answer, nil
	}
	return asked
}
