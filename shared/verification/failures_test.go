package verification_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"realname/shared/realname"
)

func TestAnErrorOfManyFailuresIsShort(t *testing.T) {
	var f realname.Failures
	if f.Err() != nil {
		t.Error("a failure of nothing")
	}
	cause := errors.New("throttled")
	for i := range 500 {
		f.Add(fmt.Errorf("session s%d: %w", i, cause))
		if i == 1 && f.Err().Error() != "session s0: throttled\nsession s1: throttled" {
			t.Errorf("two: %v", f.Err())
		}
	}
	err := f.Err()
	if !errors.Is(err, cause) || len(err.Error()) > 200 || !strings.HasPrefix(err.Error(), "500 failures") ||
		!strings.Contains(err.Error(), "s2") || strings.Contains(err.Error(), "s3") {
		t.Errorf("%v", err)
	}
}

// away is a store whose sessions cannot be read.
type away struct{ realname.Store }

func (a away) DueSessions(context.Context, time.Time) ([]string, error) {
	ids := make([]string, 300)
	for i := range ids {
		ids[i] = fmt.Sprint("session-", i)
	}
	return ids, nil
}

func (a away) LoadSession(context.Context, realname.SessionQuery) (realname.SessionView, error) {
	return realname.SessionView{}, errors.New("service unavailable")
}

func TestRepairLooksAtEverySessionAndItsErrorIsShort(t *testing.T) {
	b := newBench(t)
	b.Store = away{b.Store}
	done, err := b.Repair(t.Context())
	if done.Looked != 300 || err == nil || !strings.HasPrefix(err.Error(), "300 failures") || len(err.Error()) > 300 {
		t.Errorf("%+v %v", done, err)
	}
}
