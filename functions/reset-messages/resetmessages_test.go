package resetmessages_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	resetmessages "realname/functions/reset-messages"
	"realname/shared/accounts"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table"
	"realname/shared/table/memory"
	"realname/shared/vault"
)

// broken is a table that cannot read one message.
type broken struct {
	table.Table
	id string
}

func (b broken) Get(ctx context.Context, keys ...table.Key) ([]table.Item, error) {
	if keys[0].SK == b.id {
		return nil, errors.New("cut off")
	}
	return b.Table.Get(ctx, keys...)
}

// ordered is a table with messages for login names that do not exist.
func ordered(t *testing.T, ids ...string) (tbl *memory.Table, sealer realname.Sealer, keys map[string]table.Key) {
	t.Helper()
	tbl, sealer, keys = memory.New(time.Now), vault.Ephemeral(), map[string]table.Key{}
	for _, id := range ids {
		m := realname.ResetMessage{ID: id, At: time.Now(), ExpiresAt: time.Now().Add(time.Minute)}
		for field, into := range map[string]*realname.Sealed{
			realname.FieldLoginName: &m.LoginName, realname.FieldMobile: &m.Mobile, realname.FieldCode: &m.Code,
		} {
			var err error
			if *into, err = sealer.Seal([]byte("x"), realname.ResetMessageItem(id), field); err != nil {
				t.Fatal(err)
			}
		}
		if err := store.New(tbl).Commit(t.Context(), realname.Writing(m)); err != nil {
			t.Fatal(err)
		}
	}
	for _, it := range tbl.Dump() {
		keys[it.Key.SK] = it.Key
	}
	return tbl, sealer, keys
}

// invoke returns the answer, and the messages that are left.
func invoke(
	t *testing.T, tbl *memory.Table, through table.Table, sealer realname.Sealer, event string,
) (answer, left string) {
	t.Helper()
	out, err := handler(through, sealer).Invoke(t.Context(), []byte(event))
	if err != nil {
		t.Fatal(err)
	}
	return string(out), leftIn(tbl)
}

func handler(through table.Table, sealer realname.Sealer) lambda.Handler {
	st := store.New(through)
	ports := &realname.Ports{
		Store: st, Sealer: sealer, Limits: realname.DefaultLimits(), Now: time.Now, Log: slog.New(slog.DiscardHandler),
	}
	return lambda.NewHandler(resetmessages.New(resetmessages.Ports{
		Accounts: &accounts.Accounts{Ports: ports, Directory: st}, Log: slog.New(slog.DiscardHandler),
	}))
}

// leftIn returns the messages that are left in a table.
func leftIn(tbl *memory.Table) (left string) {
	for _, it := range tbl.Dump() {
		left += it.Key.SK + " "
	}
	return strings.TrimSpace(left)
}

func streamed(keys ...table.Key) string {
	var records []map[string]any
	for i, k := range keys {
		records = append(records, map[string]any{"eventName": "INSERT", "dynamodb": map[string]any{
			"SequenceNumber": fmt.Sprint(100 + i),
			"Keys":           map[string]any{"PK": map[string]string{"S": k.PK}, "SK": map[string]string{"S": k.SK}},
		}})
	}
	raw, _ := json.Marshal(map[string]any{"Records": records}) // maps of text cannot fail
	return string(raw)
}

func TestARecordThatFailedComesAgainWithThoseBehindIt(t *testing.T) {
	tbl, sealer, keys := ordered(t, "a", "b", "c")
	batch := streamed(keys["a"], table.Key{PK: "SESSION#1", SK: "b"}, keys["b"], keys["c"])
	answer, left := invoke(t, tbl, broken{tbl, "b"}, sealer, batch)
	if answer != `{"batchItemFailures":[{"itemIdentifier":"102"}]}` || strings.Contains(left, "a") || len(left) != 3 {
		t.Errorf("%s, left %s", answer, left)
	}
	for range 2 { // records may come twice
		answer, left = invoke(t, tbl, tbl, sealer, streamed(keys["b"], keys["c"]))
		if answer != `{"batchItemFailures":null}` || left != "" {
			t.Errorf("%s, left %s", answer, left)
		}
	}
}

func TestTheScheduleFindsMessagesOfWhichNoRecordTold(t *testing.T) {
	tbl, sealer, _ := ordered(t, "a", "b")
	answer, left := invoke(t, tbl, tbl, sealer, `{"source":"aws.events","detail-type":"Scheduled Event","detail":{}}`)
	if answer != `{"batchItemFailures":null}` || left != "" {
		t.Errorf("%s, left %s", answer, left)
	}
}

func TestARecordWithoutTextKeysIsSkipped(t *testing.T) {
	tbl, sealer, _ := ordered(t, "a")
	for _, key := range []string{`{}`, `{"PK":{"N":"1"},"SK":{"S":"a"}}`, `{"PK":{"NULL":true}}`} {
		answer, left := invoke(t, tbl, tbl, sealer, `{"Records":[{"dynamodb":{"Keys":`+key+`}}]}`)
		if answer != `{"batchItemFailures":null}` || left != "a" {
			t.Errorf("%s: %s, left %s", key, answer, left)
		}
	}
}
