package notify_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	function "realname/functions/notify"
	"realname/shared/notify"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table"
	"realname/shared/table/memory"
)

// record records the delivered events.
type record struct{ ids []string }

func (r *record) Publish(context.Context, []notify.Event) error { return nil }

func (r *record) Receive(_ context.Context, e notify.Event) error {
	r.ids = append(r.ids, e.ID)
	return nil
}

// broken is a table that cannot read one enterprise's outbox.
type broken struct {
	table.Table
	uscc string
}

func (b broken) Query(ctx context.Context, q table.Query) (table.Page, error) {
	if q.PK == "OUTBOX#"+b.uscc {
		return table.Page{}, errors.New("cut off")
	}
	return b.Table.Query(ctx, q)
}

func invoke(t *testing.T, got *record, tb table.Table, event string) string {
	t.Helper()
	f := function.New(function.Ports{Log: slog.New(slog.DiscardHandler), Deliverer: &notify.Deliverer{
		Outbox: store.New(tb), Bus: got, Receiver: got, Schedule: notify.DefaultSchedule(), Now: time.Now,
		Log: slog.New(slog.DiscardHandler),
	}})
	out, err := lambda.NewHandler(f).Invoke(t.Context(), []byte(event))
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func streamed(pks ...string) string {
	var records []map[string]any
	for i, pk := range pks {
		records = append(records, map[string]any{"eventName": "INSERT", "dynamodb": map[string]any{
			"SequenceNumber": fmt.Sprint(100 + i),
			"Keys":           map[string]any{"PK": map[string]string{"S": pk}, "SK": map[string]string{"S": "EVENT#1"}},
		}})
	}
	raw, _ := json.Marshal(map[string]any{"Records": records}) // maps of text cannot fail
	return string(raw)
}

func outbox(t *testing.T, enterprises ...string) *memory.Table {
	t.Helper()
	m := memory.New(time.Now)
	for _, uscc := range enterprises {
		c := realname.Change{Announcements: []realname.Announcement{{ID: "of-" + uscc, USCC: uscc, At: time.Now()}}}
		if err := store.New(m).Commit(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

func TestRecordsOfABatchThatFailedComeAgain(t *testing.T) {
	m, got := outbox(t, "A", "B", "C"), &record{}
	batch := streamed("OUTBOX#A", "OUTBOX#B", "SESSION#1", "OUTBOX#B", "OUTBOX#C")
	if out := invoke(t, got, broken{m, "B"}, batch); out != `{"batchItemFailures":[{"itemIdentifier":"101"}]}` {
		t.Error(out)
	}
	if fmt.Sprint(got.ids) != "[of-A of-C]" {
		t.Errorf("delivered %v", got.ids)
	}
	// The mapping resends the batch from the failed record on.
	if out := invoke(t, got, m,
		streamed("OUTBOX#B", "SESSION#1", "OUTBOX#B", "OUTBOX#C")); out != `{"batchItemFailures":null}` {
		t.Error(out)
	}
	if fmt.Sprint(got.ids) != "[of-A of-C of-B]" {
		t.Errorf("delivered %v", got.ids)
	}
}

func TestRecordsThatComeTwiceOrLateAreDeliveredOnce(t *testing.T) {
	m, got := outbox(t, "A"), &record{}
	for range 3 {
		invoke(t, got, m, streamed("OUTBOX#A", "OUTBOX#A"))
	}
	if fmt.Sprint(got.ids) != "[of-A]" {
		t.Errorf("delivered %v", got.ids)
	}
}

func TestTheScheduleFindsWhatNoRecordToldOf(t *testing.T) {
	m, got := outbox(t, "A"), &record{}
	if out := invoke(t, got, m,
		`{"source":"aws.events","detail-type":"Scheduled Event","detail":{}}`); out != `{"batchItemFailures":null}` {
		t.Error(out)
	}
	if fmt.Sprint(got.ids) != "[of-A]" {
		t.Errorf("delivered %v", got.ids)
	}
}
