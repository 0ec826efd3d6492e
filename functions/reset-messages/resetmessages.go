// Package resetmessages sends the messages of password resets, after the request has been
// answered: whether a message is sent shows in no answer. The table's stream invokes it
// for each new message. A schedule invokes it every minute for messages that failed or
// were missed.
package resetmessages

import (
	"context"
	"log/slog"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"realname/shared/accounts"
	"realname/shared/store"
)

// Ports is what the function needs from outside.
type Ports struct {
	Accounts *accounts.Accounts
	Log      *slog.Logger
}

// Event is a batch of the table's stream or, without records, an event of the schedule.
type Event struct {
	Records []events.DynamoDBEventRecord `json:"Records"`
}

// Function answers with the first record that it could not deal with. Lambda sends that
// one and the following again (Lambda Developer Guide, "Configuring partial batch response
// with DynamoDB and Lambda").
type Function func(ctx context.Context, e Event) (events.DynamoDBEventResponse, error)

// New returns the function.
func New(p Ports) Function {
	return func(ctx context.Context, e Event) (events.DynamoDBEventResponse, error) {
		if len(e.Records) == 0 {
			looked, err := p.Accounts.SendDueResetMessages(ctx)
			if looked > 0 {
				p.Log.LogAttrs(ctx, slog.LevelInfo, "due messages", slog.Int("looked", looked))
			}
			return events.DynamoDBEventResponse{}, err
		}
		for _, r := range e.Records {
			if !strings.HasPrefix(textOf(r.Change.Keys["PK"]), string(store.MessagePartition)) {
				continue
			}
			if err := p.Accounts.SendResetMessage(ctx, textOf(r.Change.Keys["SK"])); err != nil {
				p.Log.LogAttrs(ctx, slog.LevelError, "message left to the stream", slog.String("error", err.Error()))
				return events.DynamoDBEventResponse{BatchItemFailures: []events.DynamoDBBatchItemFailure{
					{ItemIdentifier: r.Change.SequenceNumber},
				}}, nil
			}
		}
		return events.DynamoDBEventResponse{}, nil
	}
}

// textOf returns a string of a key; "" for any other kind of value.
func textOf(v events.DynamoDBAttributeValue) string {
	if v.IsNull() || v.DataType() != events.DataTypeString {
		return ""
	}
	return v.String()
}
