package verification_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"realname/shared/realname"
)

func TestAWaitGrowsAndEndsAfterTwoSeconds(t *testing.T) {
	b := newBench(t)
	b.Lost = true
	id := b.Begin(realname.LegalRepresentative)
	var waits []time.Duration
	b.Wait = func(_ context.Context, d time.Duration) error {
		waits = append(waits, d/time.Millisecond)
		b.Advance(d)
		return nil
	}
	var e *realname.Error
	if err := b.Submit(id); !errors.As(err, &e) || e.Code != realname.CodeStepNotOpen || e.RetryAfter != 2*time.Second {
		t.Errorf("%+v", err)
	}
	if want := []time.Duration{20, 40, 80, 160, 250, 250, 250, 250, 250, 250, 250}; !slices.Equal(waits, want) {
		t.Errorf("waited %d ms, want %d", waits, want)
	}
	broken := errors.New("canceled")
	b.Wait = func(context.Context, time.Duration) error { return broken }
	if err := b.Submit(id); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}
