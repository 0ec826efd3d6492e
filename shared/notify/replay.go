package notify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"realname/shared/realname"
)

// ErrNoNotice means that the outbox no longer holds a notice with that number.
var ErrNoNotice = errors.New("the outbox does not hold this notice")

// Replay delivers an abandoned or delivered notice again. Later pending notices of
// the enterprise wait for it.
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
			return nil // a run will deliver it anyway
		}
		return o.SaveNotices(ctx, realname.Notice{
			USCC: n.USCC, Seq: n.Seq, Events: n.Events, RequestID: n.RequestID, Due: now, Version: n.Version,
		})
	}
	return fmt.Errorf("%s, number %d: %w", uscc, seq, ErrNoNotice)
}
