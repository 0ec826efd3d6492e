package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"realname/shared/realname"
	"realname/shared/telemetry/metric"
	"realname/shared/telemetry/requestid"
)

// ErrUnreachable means that the receiver does not respond or has no capacity now.
// Other due notices would fail too.
var ErrUnreachable = errors.New("the receiver cannot be reached")

// enterprise delivers the pending notices of one enterprise in order, until none is
// left or the first pending notice has to wait. An error means that the outbox
// could not be read or written. A failed attempt is not an error, since the outbox
// holds the time of the next one.
func (d *Deliverer) enterprise(ctx context.Context, uscc string) (Result, error) {
	var done Result
	for {
		notices, unreadable, err := d.Outbox.Notices(ctx, uscc)
		if err != nil {
			return done, fmt.Errorf("read the notices of %s: %w", uscc, err)
		}
		if unreadable > 0 {
			d.Log.LogAttrs(ctx, slog.LevelError, "notices cannot be read",
				slog.String("uscc", uscc), slog.Int("notices", unreadable))
		}
		pending := pendingOf(notices)
		if len(pending) == 0 {
			return done, nil
		}
		for i, n := range pending {
			going, err := d.one(ctx, n, pending[i+1:], &done)
			if err != nil || !going {
				return done, err
			}
		}
	}
}

func pendingOf(notices []realname.Notice) []realname.Notice {
	var pending []realname.Notice
	for _, n := range notices {
		if n.Pending() {
			pending = append(pending, n)
		}
	}
	return pending
}

// one attempts to deliver the first pending notice; the notices in behind wait for
// it. It reports whether the next notice may follow now.
func (d *Deliverer) one(ctx context.Context, n realname.Notice, behind []realname.Notice, done *Result) (bool, error) {
	ctx = requestid.With(ctx, n.RequestID)
	now := d.Now()
	if n.Tries > 0 && n.Due.After(now) {
		return false, d.postpone(ctx, n, behind)
	}
	// Count the attempt and set the next one before it begins: if the process dies,
	// nothing is lost, and no other process attempts the notice at the same time. The
	// notice stays listed where it is: most notices are delivered at once.
	if n.Tries == 0 {
		n.TriedFrom = now
	}
	n.Tries++
	n.Due = now.Add(d.Schedule.Delay(n.Tries))
	if err := d.save(ctx, &n); err != nil {
		if errors.Is(err, realname.ErrStale) {
			return false, nil // another run delivers it
		}
		return false, err
	}
	failure := d.try(ctx, &n)
	now = d.Now()
	level, word := slog.LevelInfo, "notice delivered"
	switch {
	case failure == nil:
		n.Delivered = now
		done.Delivered++
	case now.Sub(n.TriedFrom) >= d.Schedule.For:
		n.Dead = now
		done.Dead++
		level, word = slog.LevelError, "notice given up"
	default:
		n.LookAt = time.Time{}
		level, word = slog.LevelWarn, "notice not delivered"
	}
	attrs := append(metric.Count(now, "NoticeTries", 1, metric.By("Outcome", outcomeOf(n))),
		slog.String("uscc", n.USCC), slog.Int64("sequence", n.Seq), slog.Int("tries", n.Tries))
	if failure != nil {
		done.Failed++
		attrs = append(attrs, slog.String("error", failure.Error()))
	}
	d.Log.LogAttrs(ctx, level, word, attrs...)
	if err := d.save(ctx, &n); err != nil && !errors.Is(err, realname.ErrStale) {
		return false, err
	}
	if n.Pending() {
		if err := d.postpone(ctx, n, behind); err != nil {
			return false, err
		}
		if errors.Is(failure, ErrUnreachable) {
			return false, errStop
		}
	}
	return !n.Pending(), nil
}

// outcomeOf returns the outcome of an attempt: delivered, dead or failed.
func outcomeOf(n realname.Notice) string {
	switch {
	case !n.Delivered.IsZero():
		return "delivered"
	case !n.Dead.IsZero():
		return "dead"
	}
	return "failed"
}

// errStop ends a run early: the receiver is down.
var errStop = errors.New("stop for now")

func (d *Deliverer) save(ctx context.Context, n *realname.Notice) error {
	err := d.Outbox.SaveNotices(ctx, *n)
	n.Version++
	return err
}

// try sends the events that the bus and the receiver do not have yet.
func (d *Deliverer) try(ctx context.Context, n *realname.Notice) error {
	ctx, cancel := context.WithTimeout(ctx, d.Schedule.attemptFor())
	defer cancel()
	events := eventsOf(*n)
	if !n.Published {
		if err := d.Bus.Publish(ctx, events); err != nil {
			return fmt.Errorf("event bus: %w", err)
		}
		n.Published = true
	}
	for _, e := range events[n.Received:] {
		if err := d.Receiver.Receive(ctx, e); err != nil {
			return fmt.Errorf("webhook: %w", err)
		}
		n.Received++
	}
	return nil
}

// postpone makes the notices behind a notice due with its next attempt, so that
// they do not fill the list of due notices while they have to wait.
func (d *Deliverer) postpone(ctx context.Context, n realname.Notice, behind []realname.Notice) error {
	var late []realname.Notice
	for _, b := range behind {
		if b.Due.Before(n.Due) && len(late) < mostPostponed {
			b.Due, b.LookAt = n.Due, time.Time{}
			late = append(late, b)
		}
	}
	if len(late) == 0 {
		return nil
	}
	if err := d.Outbox.SaveNotices(ctx, late...); err != nil && !errors.Is(err, realname.ErrStale) {
		return err
	}
	return nil
}

// mostPostponed bounds one transaction; the next run continues.
const mostPostponed = 50
