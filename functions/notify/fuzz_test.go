package notify_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	function "realname/functions/notify"
	"realname/shared/notify"
	"realname/shared/store"
	"realname/shared/table/memory"
)

// The function answers for any stream record. The outbox is empty here, so it
// delivers nothing.
func FuzzRecords(f *testing.F) {
	f.Add([]byte(`{"Records":[{"eventName":"INSERT","dynamodb":{"Keys":{"PK":{"S":"OUTBOX#91130100MA0R01NM09"},"SK":{"S":"1"}},"SequenceNumber":"1"}}]}`)) //nolint:lll // an event as sent
	f.Add([]byte(`{"Records":[{"dynamodb":{"Keys":{"PK":{"N":"1"}}}},{"dynamodb":{"Keys":{"PK":{"NULL":true}}}},{"dynamodb":{}}]}`))                       //nolint:lll // an event as sent
	f.Add([]byte(`{"source":"aws.events","detail-type":"Scheduled Event","detail":{}}`))
	f.Fuzz(func(_ *testing.T, event []byte) {
		if !json.Valid(event) {
			return // Lambda itself refuses it
		}
		deliverer := &notify.Deliverer{
			Outbox: store.New(memory.New(time.Now)), Bus: &record{}, Receiver: &record{}, Schedule: notify.DefaultSchedule(),
			Now: time.Now, Log: slog.New(slog.DiscardHandler),
		}
		handler := lambda.NewHandler(function.New(function.Ports{Log: slog.New(slog.DiscardHandler), Deliverer: deliverer}))
		_, _ = handler.Invoke(context.Background(), event) // an error is fine, a panic is not
	})
}
