// Package eventbridge publishes events on Amazon EventBridge.
package eventbridge

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"realname/shared/notify"
)

// source is the `source` of every event (interfaces of the platform).
const source = "realname"

// mostEntries is the limit of one PutEvents (EventBridge API reference, PutEvents).
const mostEntries = 10

// Bus implements notify.Bus.
type Bus struct {
	client func() *eventbridge.Client
	name   string
}

// New returns the bus with that name; the first use makes the client.
func New(client func() *eventbridge.Client, name string) *Bus { return &Bus{client, name} }

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

func (b *Bus) put(ctx context.Context, events []notify.Event) error {
	entries := make([]types.PutEventsRequestEntry, len(events))
	for i, e := range events {
		detail, err := json.Marshal(e)
		if err != nil {
			return fmt.Errorf("encode event %s: %w", e.ID, err)
		}
		from, kind, text := source, string(e.Type), string(detail)
		entries[i] = types.PutEventsRequestEntry{
			EventBusName: &b.name, Source: &from, DetailType: &kind, Detail: &text, Time: &e.At,
		}
	}
	out, err := b.client().PutEvents(ctx, &eventbridge.PutEventsInput{Entries: entries})
	if err != nil {
		return fmt.Errorf("put events: %w", err)
	}
	for _, e := range out.Entries {
		if e.ErrorCode != nil {
			return fmt.Errorf("put events: the bus refused %d of %d, the first with %s",
				out.FailedEntryCount, len(events), *e.ErrorCode)
		}
	}
	return nil
}
