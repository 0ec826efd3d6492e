// Package eventbridge publishes events on Amazon EventBridge.
package eventbridge

import (
	"context"
	"encoding/json"
	"fmt"

	"realname/shared/awsapi"
	"realname/shared/notify"
)

// source is the `source` of every event (interfaces of the platform).
const source = "realname"

// mostEntries is the limit of one PutEvents (EventBridge API reference, PutEvents).
const mostEntries = 10

// Bus implements notify.Bus.
type Bus struct {
	client func() *awsapi.Client
	name   string
}

// New returns the bus with that name; the first use makes the client.
func New(client func() *awsapi.Client, name string) *Bus { return &Bus{client, name} }

// Publish implements notify.Bus. If the bus accepts only some of the events, the
// next attempt publishes all of them again: subscribers get an event at least once.
func (b *Bus) Publish(ctx context.Context, events []notify.Event) error {
	for len(events) > 0 {
		n := min(len(events), mostEntries)
		if err := b.put(ctx, events[:n]); err != nil {
			return err
		}
		events = events[n:]
	}
	return nil
}

// entry is one event (EventBridge API reference, PutEventsRequestEntry).
type entry struct {
	EventBusName, Source, DetailType, Detail string
	Time                                     float64 // in seconds
}

func (b *Bus) put(ctx context.Context, events []notify.Event) error {
	var in struct{ Entries []entry }
	for _, e := range events {
		detail, err := json.Marshal(e)
		if err != nil {
			return fmt.Errorf("encode event %s: %w", e.ID, err)
		}
		in.Entries = append(in.Entries, entry{
			EventBusName: b.name, Source: source, DetailType: string(e.Type), Detail: string(detail),
			Time: float64(e.At.UnixMilli()) / 1000,
		})
	}
	var out struct {
		FailedEntryCount int
		Entries          []struct{ ErrorCode string }
	}
	if err := b.client().Call(ctx, "PutEvents", in, &out); err != nil {
		return fmt.Errorf("put events: %w", err)
	}
	for _, e := range out.Entries {
		if e.ErrorCode != "" {
			return fmt.Errorf("put events: the bus refused %d of %d, the first with %s",
				out.FailedEntryCount, len(events), e.ErrorCode)
		}
	}
	return nil
}
