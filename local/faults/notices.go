package faults

import (
	"context"
	"errors"
	"fmt"

	"realname/shared/notify"
)

var errBusy = errors.New("sandbox fault: throttled")

// FaultyBus returns the event bus with faults.
func (f *Faults) FaultyBus(b notify.Bus) notify.Bus { return faultyBus{f, b} }

type faultyBus struct {
	f    *Faults
	next notify.Bus
}

func (b faultyBus) Publish(ctx context.Context, events []notify.Event) error {
	_, err := call(ctx, b.f, EventBus, errBusy, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, b.next.Publish(ctx, events)
	})
	return err
}

// FaultyReceiver returns the webhook's receiver with faults.
func (f *Faults) FaultyReceiver(r notify.Receiver) notify.Receiver { return faultyReceiver{f, r} }

type faultyReceiver struct {
	f    *Faults
	next notify.Receiver
}

func (r faultyReceiver) Receive(ctx context.Context, e notify.Event) error {
	_, err := call(ctx, r.f, Webhook, errBusy, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, r.next.Receive(ctx, e)
	})
	if errors.Is(err, ErrTimeout) {
		return fmt.Errorf("%w: %w", notify.ErrUnreachable, err)
	}
	return err
}
