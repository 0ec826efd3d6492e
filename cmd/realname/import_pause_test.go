package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"realname/shared/awsapi"
	"realname/shared/realname"
	"realname/shared/table"
)

// An import repeats a batch that may pass later. It stops at once at a refusal that stays.
func TestAnImportDoesNotRepeatARefusal(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel() // a pause returns at once, with the context's error
	of := func(kind error, status int, code string) error {
		return fmt.Errorf("%w: %w", kind, &awsapi.Error{Status: status, Code: code})
	}
	for name, c := range map[string]struct {
		cause   error
		repeats bool
	}{
		"denied":                  {of(table.ErrUnavailable, 400, "AccessDeniedException"), false},
		"an invalid request":      {of(table.ErrUnavailable, 400, "ValidationException"), false},
		"a service that is away":  {of(table.ErrUnavailable, 503, ""), true},
		"throttled":               {of(table.ErrThrottled, 400, "ThrottlingException"), true},
		"a throttled transaction": {of(table.ErrThrottled, 400, "TransactionCanceledException"), true},
		"a lost race":             {realname.ErrStale, true},
		"no service of AWS":       {table.ErrUnavailable, true},
	} {
		err := pause(ctx, 1, c.cause)
		if errors.Is(err, context.Canceled) != c.repeats || errors.Is(err, c.cause) == c.repeats {
			t.Errorf("%s: %v", name, err)
		}
	}
	err := pause(t.Context(), maxAttempts, table.ErrThrottled)
	if err == nil || !strings.Contains(err.Error(), "12 attempts") {
		t.Errorf("after the last attempt: %v", err)
	}
}
