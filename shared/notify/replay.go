package notify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"realname/shared/realname"
)

// ErrNoNotice means that the outbox holds no notice of that number any more.
var ErrNoNotice = errors.New("there is no such notice")

// Replay lets a notice that was given up, or delivered before, be delivered
// again. What came after it and is pending waits for it.
// Errors: ErrNoNotice, realname.ErrStale.
func Replay(ctx context.Context, o Outbox, uscc string, seq int64, now time.Time) error {
	notices, _, err := o.Notices(ctx, uscc)
	if err != nil {
		return err
	}
	for _, n := range notices {
		if n.Seq != seq {
			continue
		}
		if n.Pending() {
			return nil // it is on its way
		}
		return o.SaveNotices(ctx, realname.Notice{USCC: n.USCC, Seq: n.Seq, Events: n.Events, RequestID: n.RequestID, Due: now, Version: n.Version})
	}
	return fmt.Errorf("%s, number %d: %w", uscc, seq, ErrNoNotice)
}
