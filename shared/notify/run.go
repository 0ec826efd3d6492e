package notify

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"realname/shared/realname"
)

// mostUnreachable is how many attempts in a row may fail with ErrUnreachable before
// a run leaves the rest to a later one.
const mostUnreachable = 3

// Deliver delivers the pending notices of the enterprises, one enterprise after
// another. failed holds the enterprises whose notices could not be read or written.
func (d *Deliverer) Deliver(ctx context.Context, enterprises []string) (done Result, failed map[string]error) {
	unreachable := 0
	for _, uscc := range enterprises {
		if unreachable == mostUnreachable || !d.timeLeft(ctx) {
			return done, failed // the outbox lists the rest as due
		}
		one, err := d.enterprise(ctx, uscc)
		done.add(one)
		switch {
		case errors.Is(err, errStop):
			unreachable++
		case err != nil:
			if failed == nil {
				failed = map[string]error{}
			}
			failed[uscc] = err
		case one.Delivered > 0:
			unreachable = 0
		}
	}
	return done, failed
}

// Due delivers the due notices of all enterprises.
func (d *Deliverer) Due(ctx context.Context) (Result, error) {
	enterprises, err := d.Outbox.DueNotices(ctx, d.Now())
	if err != nil {
		return Result{}, fmt.Errorf("list due notices: %w", err)
	}
	done, failed := d.Deliver(ctx, enterprises)
	var all realname.Failures
	for _, uscc := range slices.Sorted(maps.Keys(failed)) {
		all.Add(failed[uscc])
	}
	return done, all.Err()
}

// timeLeft reports whether the invocation has time for one more attempt.
func (d *Deliverer) timeLeft(ctx context.Context) bool {
	end, limited := ctx.Deadline()
	return !limited || time.Until(end) > d.Schedule.attemptFor()
}

func (r *Result) add(o Result) {
	r.Delivered += o.Delivered
	r.Failed += o.Failed
	r.Dead += o.Dead
}
