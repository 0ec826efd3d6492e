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

// Whatever a stream record holds, the function answers: an enterprise that it
// names has nothing to deliver here.
func FuzzRecords(f *testing.F) {
	f.Add([]byte(`{"Records":[{"eventName":"INSERT","dynamodb":{"Keys":{"PK":{"S":"OUTBOX#91130100MA0R01NM09"},"SK":{"S":"1"}},"SequenceNumber":"1"}}]}`))
	f.Add([]byte(`{"Records":[{"dynamodb":{"Keys":{"PK":{"N":"1"}}}},{"dynamodb":{"Keys":{"PK":{"NULL":true}}}},{"dynamodb":{}}]}`))
	f.Add([]byte(`{"source":"aws.events","detail-type":"Scheduled Event","detail":{}}`))
	f.Fuzz(func(t *testing.T, event []byte) {
		if !json.Valid(event) {
			return // Lambda's own part
		}
		handler := lambda.NewHandler(function.New(function.Ports{Log: slog.New(slog.DiscardHandler), Deliverer: &notify.Deliverer{
			Outbox: store.New(memory.New(time.Now)), Bus: &record{}, Receiver: &record{}, Schedule: notify.DefaultSchedule(),
			Now: time.Now, Log: slog.New(slog.DiscardHandler),
		}}))
		_, _ = handler.Invoke(context.Background(), event) // an event of another form is an error
	})
}
