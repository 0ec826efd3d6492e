package server

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"realname/shared/table"
	"realname/shared/table/memory"
)

func TestAPauseEndsWhenTheSessionChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stored := memory.New(time.Now)
		var w watches
		defer w.hear(stored)()
		pause, stop := w.watch("one")
		took := func(pause func(context.Context, time.Duration) error) time.Duration {
			began := time.Now()
			if err := pause(t.Context(), time.Second); err != nil {
				t.Fatal(err)
			}
			return time.Since(began)
		}
		if d := took(pause); d != 0 {
			t.Errorf("the first pause took %v: a change before the watch would be missed", d)
		}
		change := func(session string, after time.Duration) {
			time.AfterFunc(after, func() {
				item := table.Item{Key: table.Key{PK: "SESSION#" + session, SK: "STATE"}, Version: 1}
				if err := stored.Transact(t.Context(), table.Write{Item: item}); err != nil {
					t.Error(err)
				}
			})
		}
		change("other", 100*time.Millisecond)
		change("one", 300*time.Millisecond)
		if d := took(pause); d != 300*time.Millisecond {
			t.Errorf("woken after %v, want 300ms", d)
		}
		if d := took(pause); d != time.Second {
			t.Errorf("without a change the pause took %v", d)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := pause(ctx, time.Second); !errors.Is(err, context.Canceled) {
			t.Errorf("a pause of an ended request: %v", err)
		}
		stop()
		if len(w.of) != 0 {
			t.Errorf("%d watches are kept after their end", len(w.of))
		}
	})
}
