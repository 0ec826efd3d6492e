package stream_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"realname/shared/stream"
)

// The time of an invocation that is up is an error, the stop of the service is none.
func TestWhatAStoppingServiceLeavesIsNoError(t *testing.T) {
	stopped, stop := context.WithCancel(t.Context())
	stop()
	late, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancel()
	for name, c := range map[string]struct {
		ctx   context.Context
		level string
	}{"at work": {t.Context(), "ERROR"}, "stopped": {stopped, "WARN"}, "late": {late, "ERROR"}} {
		var out bytes.Buffer
		stream.LogLeft(c.ctx, slog.New(slog.NewTextHandler(&out, nil)), "left", errors.New("cut off"),
			slog.String("uscc", "A"))
		if want := "level=" + c.level + ` msg=left uscc=A error="cut off"`; !strings.Contains(out.String(), want) {
			t.Errorf("%s: %s, want %s", name, out.String(), want)
		}
	}
}
