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
	"realname/shared/stream"
)

// Ports is what the function needs from outside.
type Ports struct {
	Accounts *accounts.Accounts
	Log      *slog.Logger
}

// Function answers with the first record that it could not deal with. Lambda sends that
// one and the following again (Lambda Developer Guide, "Configuring partial batch response
// with DynamoDB and Lambda").
type Function func(ctx context.Context, e stream.Event) (events.DynamoDBEventResponse, error)

// New returns the function.
func New(p Ports) Function {
	return func(ctx context.Context, e stream.Event) (events.DynamoDBEventResponse, error) {
		if len(e.Records) == 0 {
			looked, err := p.Accounts.SendDueResetMessages(ctx)
			if looked > 0 {
				p.Log.LogAttrs(ctx, slog.LevelInfo, "due messages", slog.Int("looked", looked))
			}
			return events.DynamoDBEventResponse{}, err
		}
		for _, r := range e.Records {
			if !strings.HasPrefix(stream.Text(r.Change.Keys["PK"]), string(store.MessagePartition)) {
				continue
			}
			if err := p.Accounts.SendResetMessage(ctx, stream.Text(r.Change.Keys["SK"])); err != nil {
				stream.LogLeft(ctx, p.Log, "message left to the stream", err)
				return events.DynamoDBEventResponse{BatchItemFailures: []events.DynamoDBBatchItemFailure{
					{ItemIdentifier: r.Change.SequenceNumber},
				}}, nil
			}
		}
		return events.DynamoDBEventResponse{}, nil
	}
}
