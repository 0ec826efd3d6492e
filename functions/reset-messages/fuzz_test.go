package resetmessages_test

import (
	"encoding/json"
	"strings"
	"testing"
)

// The function answers for any stream record, and no record makes it send or drop another
// message than its own.
func FuzzRecords(f *testing.F) {
	f.Add([]byte(`{"Records":[{"dynamodb":{"Keys":{"PK":{"S":"MESSAGE#1"},"SK":{"S":"other"}},"SequenceNumber":"1"}}]}`))
	f.Add([]byte(`{"Records":[{"dynamodb":{"Keys":{"PK":{"N":"1"},"SK":{"S":"a"}}}},{"dynamodb":{}}]}`))
	f.Add([]byte(`{"Records":[{"dynamodb":{"Keys":{"PK":{"S":"MESSAGE#1"}}}}]}`))
	f.Fuzz(func(t *testing.T, event []byte) {
		var e struct{ Records []json.RawMessage }
		if json.Unmarshal(event, &e) != nil || len(e.Records) == 0 || strings.Contains(string(event), "kept-message") {
			return // Lambda refuses it, or it is the schedule's, or a record of the message
		}
		tbl, sealer, _ := ordered(t, "kept-message")
		_, _ = handler(tbl, sealer).Invoke(t.Context(), event) // an error is fine, a panic is not
		if left := leftIn(tbl); left != "kept-message" {
			t.Errorf("left %q", left)
		}
	})
}
