// Package notify delivers events to the platform. The table's stream invokes it
// for each new notice of the outbox. A schedule invokes it every minute for notices
// that failed or were missed.
package notify

import (
	"context"
	"log/slog"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"realname/shared/notify"
	"realname/shared/stream"
)

// Ports is what the function needs from outside.
type Ports struct {
	Deliverer *notify.Deliverer
	Log       *slog.Logger
}

// Function answers with the records to send again (Lambda Developer Guide,
// "Configuring partial batch response with DynamoDB and Lambda").
type Function func(ctx context.Context, e stream.Event) (events.DynamoDBEventResponse, error)

// New returns the function.
func New(p Ports) Function {
	return func(ctx context.Context, e stream.Event) (events.DynamoDBEventResponse, error) {
		if len(e.Records) == 0 {
			done, err := p.Deliverer.Due(ctx)
			if done.Delivered+done.Failed > 0 {
				p.Log.LogAttrs(ctx, slog.LevelInfo, "due notices", slog.Int("delivered", done.Delivered),
					slog.Int("failed", done.Failed), slog.Int("dead", done.Dead))
			}
			return events.DynamoDBEventResponse{}, err
		}
		order, first := enterprisesOf(e.Records)
		_, failed := p.Deliverer.Deliver(ctx, order)
		answer := events.DynamoDBEventResponse{}
		for _, uscc := range order {
			if err := failed[uscc]; err != nil {
				stream.LogLeft(ctx, p.Log, "notices left to the stream", err, slog.String("uscc", uscc))
				answer.BatchItemFailures = append(answer.BatchItemFailures, events.DynamoDBBatchItemFailure{
					ItemIdentifier: first[uscc],
				})
			}
		}
		return answer, nil
	}
}

// enterprisesOf lists the enterprises of the records, each once and in order, with
// the sequence number of its first record. It reads only the key of a record,
// because the outbox holds the pending notices.
func enterprisesOf(records []events.DynamoDBEventRecord) (order []string, first map[string]string) {
	first = map[string]string{}
	for _, r := range records {
		uscc, ours := strings.CutPrefix(stream.Text(r.Change.Keys["PK"]), "OUTBOX#")
		if !ours {
			continue
		}
		if _, known := first[uscc]; !known {
			order = append(order, uscc)
			first[uscc] = r.Change.SequenceNumber
		}
	}
	return order, first
}
