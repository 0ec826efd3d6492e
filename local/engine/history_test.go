package engine

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"
)

// A stored history has the form of version 1.0.0: lists of type, state, error and
// milliseconds.
func TestAHistoryIsWrittenAsItsJSON(t *testing.T) {
	at := time.UnixMilli(1_764_316_800_123)
	events := history{
		{Type: "ExecutionStarted", At: at},
		{Type: "TaskFailed", State: "Finish", Error: "a\"b\\c\n步\u2028<", At: at.Add(time.Second)},
	}
	var want []any
	for _, v := range events {
		want = append(want, []any{v.Type, v.State, v.Error, v.At.UnixMilli()})
	}
	raw, err := json.Marshal(record{History: events})
	if err != nil {
		t.Fatal(err)
	}
	former, err := json.Marshal(map[string]any{"history": want})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range [][]byte{raw, former} {
		var r record
		if err := json.Unmarshal(text, &r); err != nil || !reflect.DeepEqual(r.History, events) {
			t.Errorf("%s: %+v %v", text, r.History, err)
		}
	}
}
